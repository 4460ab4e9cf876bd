// SPDX-License-Identifier: GPL-2.0-only
/*
 * The moments of a run as one picture: calls down, pages across.  Each row has the call with its result on
 * the left, its requests for memory as dots (a cross is a refused one), the lanes with their bars in the
 * middle, and the books on the right, those that have changed in bold.
 *
 * Pages lie as close as they can: what matters is where ranges begin and end.  A piece between two such
 * places is as wide as it is long while that is a few pages, and no more than that.
 */
#include "moments.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT = 7,
	LINE = 16,
	LANE = 15,
	GAP = 8,
	LABEL = 76,
	UNIT = 26,
	WIDEST = 64,
	MOST_ENDS = 160
};

static struct {
	FILE *out;
	const struct failing *failing;
	const struct trace *trace;
	long end[MOST_ENDS]; /* where ranges begin and end, ascending */
	int x[MOST_ENDS];
	unsigned ends;
	int left, books,
		width; /* where the lanes begin, where the books begin, and where all ends */
	bool used[LOOKS];
	char title[300], below[400];
} svg;

static const struct {
	const char *name, *fill, *line;
} look[LOOKS] = {
	[LOOK_REGION] = { "reserved: a region of the map", "region", "region" },
	[LOOK_TICKET] = { "open ticket: counted by chg, not added yet", "ticket", "ticket" },
	[LOOK_MAPPING] = { "mapped by a process", "mapping", "mapping" },
	[LOOK_PAGE] = { "a page is there", "page", "page" },
	[LOOK_SHOULD] = { "what the model says", "should", "should" },
};

/* --- text */

static void print_escaped(const char *text, int length)
{
	for (; length && *text; text++, length--) {
		if (*text == '&')
			fprintf(svg.out, "&amp;");
		else if (*text == '<')
			fprintf(svg.out, "&lt;");
		else if (*text == '>')
			fprintf(svg.out, "&gt;");
		else
			fputc(*text, svg.out);
	}
}

static void print_text(int x, int y, const char *class, const char *text)
{
	fprintf(svg.out, "<text x=\"%d\" y=\"%d\" class=\"%s\" xml:space=\"preserve\">", x, y,
	        class);
	print_escaped(text, -1);
	fprintf(svg.out, "</text>\n");
}

/* The call of a moment, and what it came to, in @text. */
static void say(const struct moment_shown *moment, char *text, size_t room)
{
	bool is_release = moment->op >= svg.trace->count;
	FILE *out = fmemopen(text, room, "w");

	if (!out)
		return;
	if (moment->what == MOMENT_OPENED)
		trace_print_head(out, svg.trace);
	else if (is_release)
		fprintf(out, "release");
	else if (moment->what == MOMENT_RETURNS)
		fprintf(out, "%*s... returns", 2 * svg.trace->op[moment->op].depth, "");
	else
		trace_print_op(out, svg.trace->target, &svg.trace->op[moment->op]);
	if (moment->what == MOMENT_SKIPPED)
		fprintf(out, " -> skipped");
	else if (moment->what != MOMENT_BEGINS && !is_release)
		trace_print_result(out, &moment->result);
	if (moment->what == MOMENT_FAILS)
		fprintf(out, "  FAILS");
	fclose(out);
}

/* --- pages across */

static void add_end(long page)
{
	unsigned i = 0;

	while (i < svg.ends && svg.end[i] < page)
		i++;
	if ((i < svg.ends && svg.end[i] == page) || svg.ends == MOST_ENDS)
		return;
	memmove(svg.end + i + 1, svg.end + i, (svg.ends - i) * sizeof(svg.end[0]));
	svg.end[i] = page;
	svg.ends++;
}

static bool has_range(const struct op *op)
{
	return svg.trace->target->op[op->kind].operands & (OP_RANGE | OP_PAGE);
}

static void range_of(const struct op *op, long *from, long *to)
{
	bool is_page = svg.trace->target->op[op->kind].operands & OP_PAGE;

	*from = svg.trace->at[op->from];
	*to = is_page              ? svg.trace->at[op->from + 1]
	      : op->to == CELL_END ? svg.trace->at[CELLS]
	                           : svg.trace->at[op->to];
}

static void lay_pages(void)
{
	long from, to;

	svg.ends = 0;
	for (size_t i = 0; i < moments.bars; i++) {
		add_end(moments.bar[i].from);
		add_end(moments.bar[i].to);
	}
	for (size_t i = 0; i < moments.count; i++) {
		if (moments.moment[i].op >= svg.trace->count ||
		    !has_range(&svg.trace->op[moments.moment[i].op]))
			continue;
		range_of(&svg.trace->op[moments.moment[i].op], &from, &to);
		add_end(from);
		add_end(to);
	}
	if (svg.ends < 2)
		add_end(svg.ends ? svg.end[0] + 1 : 0);
	if (svg.ends < 2)
		add_end(svg.end[0] + 1);
	svg.x[0] = svg.left + LABEL;
	for (unsigned i = 1; i < svg.ends; i++) {
		long pages = svg.end[i] - svg.end[i - 1];
		int least = TEXT * snprintf(NULL, 0, "%ld", svg.end[i]) + 6;
		int wide = pages > WIDEST / UNIT || pages < 0 ? WIDEST : (int)pages * UNIT;

		svg.x[i] = svg.x[i - 1] + (wide > least ? wide : least);
	}
}

/* Where @page is; ends that found no room are at the last one before. */
static int x_of(long page)
{
	unsigned i = 0;

	while (i + 1 < svg.ends && svg.end[i + 1] <= page)
		i++;
	return svg.x[i];
}

/* --- a row */

static int height_of(const struct moment_shown *moment)
{
	return LINE + (moment->lanes > 1 ? (int)(moment->lanes - 1) * LANE : 0) + GAP;
}

static int depth_of(const struct moment_shown *moment)
{
	return moment->op < svg.trace->count ? svg.trace->op[moment->op].depth : 0;
}

static void draw_bar(const struct bar *bar, int y)
{
	int from = x_of(bar->from), to = x_of(bar->to);
	int inset = bar->look == LOOK_PAGE ? 4 : 0;

	svg.used[bar->look] = true;
	if (from == to)
		to = from + 3;
	fprintf(svg.out,
	        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" class=\"%s\"/>\n",
	        from + 1 + inset, y + inset / 2,
	        to - from - 2 - 2 * inset > 2 ? to - from - 2 - 2 * inset : 3, LANE - 4 - inset,
	        look[bar->look].fill);
}

static void draw_lanes(const struct moment_shown *moment, int y)
{
	for (size_t i = 0; i < moment->lanes; i++, y += LANE) {
		const struct lane *lane = &moments.lane[moment->first_lane + i];

		print_text(svg.left, y + 11, "small", lane->name);
		fprintf(svg.out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"grid\"/>\n",
		        svg.x[0], y + LANE - 3, svg.x[svg.ends - 1], y + LANE - 3);
		for (size_t b = 0; b < lane->bars; b++)
			draw_bar(&moments.bar[lane->first_bar + b], y);
		if (lane->note[0])
			print_text(svg.x[svg.ends - 1] + 6, y + 10, "small", lane->note);
	}
}

/* The pages that the call was given, as a bracket above the lanes. */
static void draw_argument(const struct moment_shown *moment, int y)
{
	long from, to;

	if (moment->op >= svg.trace->count || moment->what == MOMENT_RETURNS ||
	    !has_range(&svg.trace->op[moment->op]))
		return;
	range_of(&svg.trace->op[moment->op], &from, &to);
	fprintf(svg.out, "<path d=\"M%d %dv-4H%dv4\" class=\"arg\"/>\n", x_of(from) + 1, y,
	        x_of(to) - 1);
}

static void draw_requests(const struct moment_shown *moment, int x, int y)
{
	if (moment->op >= svg.trace->count)
		return;
	for (unsigned i = 0; i < moment->result.asked && i < 6; i++, x += 10) {
		if (plan_refuses(svg.trace->op[moment->op].refuse, i))
			fprintf(svg.out, "<path d=\"M%d %dl7 7m0 -7l-7 7\" class=\"refused\"/>\n",
			        x, y - 8);
		else
			fprintf(svg.out, "<circle cx=\"%d\" cy=\"%d\" r=\"3\" class=\"given\"/>\n",
			        x + 3, y - 4);
	}
}

static void draw_numbers(const struct moment_shown *moment, const struct moment_shown *before,
                         int y)
{
	int x = svg.books;

	for (unsigned i = 0; i < moment->numbers; i++) {
		bool changed = before && before->numbers > i &&
		               before->number[i] != moment->number[i];
		char text[24];

		snprintf(text, sizeof(text), "%ld", moment->number[i]);
		print_text(x, y, changed ? "new" : "", text);
		x += TEXT * (strlen(moments.number_name[i]) + 2);
	}
}

/* A line on the left, from the row that begins a call to the one that ends it. */
static void draw_insides(const struct moment_shown *moment, int y, int height)
{
	int depth = depth_of(moment);
	bool opens = moment->what == MOMENT_BEGINS, closes = moment->what == MOMENT_RETURNS;

	for (int i = 0; i < depth; i++)
		fprintf(svg.out,
		        "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"inside\"/>\n",
		        8 + 14 * i, y, 8 + 14 * i, y + height);
	if (opens)
		fprintf(svg.out, "<path d=\"M%d %dh-6v%d\" class=\"inside\"/>\n", 14 + 14 * depth,
		        y + 12, height - 12);
	if (closes)
		fprintf(svg.out, "<path d=\"M%d %dv12h6\" class=\"inside\"/>\n", 8 + 14 * depth, y);
}

static void draw_row(const struct moment_shown *moment, const struct moment_shown *before, int y,
                     bool odd)
{
	int height = height_of(moment), indent = 18;
	bool fails = moment->what == MOMENT_FAILS;
	char text[160] = "";

	if (fails || odd)
		fprintf(svg.out,
		        "<rect x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n", y - 3,
		        svg.width, height, fails ? "bad" : "band");
	draw_insides(moment, y - 3, height);
	say(moment, text, sizeof(text));
	print_text(indent, y + 12,
	           fails                            ? "failed"
	           : moment->what == MOMENT_SKIPPED ? "skipped"
	                                            : "",
	           text);
	draw_requests(moment, indent + TEXT * (strlen(text) + 1) + strlen(text) / 4, y + 12);
	if (moment->what == MOMENT_SKIPPED)
		return;
	draw_lanes(moment, y + 3);
	draw_argument(moment, y + 1);
	draw_numbers(moment, before, y + 12);
}

/* --- the whole */

static int widest_text(void)
{
	int widest = 20;

	for (size_t i = 0; i < moments.count; i++) {
		char text[160] = "";
		int length;

		say(&moments.moment[i], text, sizeof(text));
		length = strlen(text) +
		         (moments.moment[i].result.asked < 6 ? moments.moment[i].result.asked : 6) *
		                 3 / 2 +
		         4;
		widest = length > widest ? length : widest;
	}
	return widest;
}

static int widest_note(void)
{
	int widest = 0;

	for (size_t i = 0; i < moments.lanes; i++)
		if ((int)strlen(moments.lane[i].note) > widest)
			widest = strlen(moments.lane[i].note);
	return widest;
}

static void lay_out(void)
{
	int numbers = 0;

	svg.left = 18 + TEXT * widest_text();
	lay_pages();
	svg.books = svg.x[svg.ends - 1] + 18 + (TEXT - 1) * widest_note();
	for (unsigned i = 0; i < NUMBERS && moments.number_name[i]; i++)
		numbers += strlen(moments.number_name[i]) + 2;
	svg.width = svg.books + TEXT * numbers + 10;
	if (svg.width < 640)
		svg.width = 640;
}

static void draw_axis(int y)
{
	char text[24];
	int x = svg.books;

	for (unsigned i = 0; i < svg.ends; i++) {
		snprintf(text, sizeof(text), svg.end[i] == LONG_MAX ? "MAX" : "%ld", svg.end[i]);
		print_text(svg.x[i] - TEXT * (int)strlen(text) / 2 + 1, y, "small", text);
	}
	print_text(18, y, "small", "call, result, requests for memory");
	for (unsigned i = 0; i < NUMBERS && moments.number_name[i]; i++) {
		print_text(x, y, "small", moments.number_name[i]);
		x += TEXT * (strlen(moments.number_name[i]) + 2);
	}
}

static int rows_height(void)
{
	int height = 0;

	for (size_t i = 0; i < moments.count; i++)
		height += height_of(&moments.moment[i]);
	return height;
}

/* What failed, and below it what was under test, as far as its name goes, and what must hold. */
static void say_title(void)
{
	const struct verdict *verdict = svg.failing->verdict;
	const char *about = getenv("RESVMAP_ABOUT"), *behind;
	int least;

	if (!about || !*about)
		about = report_story.map ? report_story.map : "";
	behind = strstr(about, ": ");
	snprintf(svg.title, sizeof(svg.title), verdict->failed ? "%s: %s" : "every rule held",
	         rule_name[verdict->rule], text_what(svg.failing));
	snprintf(svg.below, sizeof(svg.below), verdict->failed ? "%.*s; must hold: %s" : "%.*s",
	         behind ? (int)(behind - about) : 200, about, rule_holds[verdict->rule]);
	least = 36 + (verdict->failed ? 8 : 0) * (int)strlen(svg.title);
	if (svg.width < least)
		svg.width = least;
	if (svg.width < 36 + 6 * (int)strlen(svg.below))
		svg.width = 36 + 6 * (int)strlen(svg.below);
}

static void draw_legend(int y)
{
	int x = 18;

	for (int i = 0; i < LOOKS; i++) {
		if (!svg.used[i])
			continue;
		if (x + 24 + 6 * (int)strlen(look[i].name) > svg.width) {
			x = 18;
			y += LINE;
		}
		fprintf(svg.out,
		        "<rect x=\"%d\" y=\"%d\" width=\"16\" height=\"10\" rx=\"2\" "
		        "class=\"%s\"/>\n",
		        x, y, look[i].fill);
		print_text(x + 22, y + 9, "small", look[i].name);
		x += 40 + 6 * strlen(look[i].name);
	}
	fprintf(svg.out, "<g transform=\"translate(18,%d)\">%s</g>\n", y + LINE, svg_marks);
}

void scene_write_svg(FILE *out, const struct failing *failing)
{
	const struct moment_shown *before = NULL;
	int y = 78, height;

	svg.out = out;
	svg.failing = failing;
	svg.trace = report_story.trace;
	memset(svg.used, 0, sizeof(svg.used));
	lay_out();
	say_title();
	height = y + rows_height() + 4 * LINE;
	fprintf(out,
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 "
	        "0 %d %d\">\n%s"
	        "<rect width=\"100%%\" height=\"100%%\" class=\"back\"/>\n",
	        svg.width, height, svg.width, height, svg_style);
	print_text(18, 22, failing->verdict->failed ? "rule" : "", svg.title);
	print_text(18, 40, "small", svg.below);
	draw_axis(64);
	for (size_t i = 0; i < moments.count; i++) {
		draw_row(&moments.moment[i], before, y, i & 1);
		y += height_of(&moments.moment[i]);
		if (moments.moment[i].what != MOMENT_SKIPPED)
			before = &moments.moment[i];
	}
	draw_legend(y + GAP);
	fprintf(out, "</svg>\n");
}
