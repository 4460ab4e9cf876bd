#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# report.sh TRACE_TOOL OUT WORK: one page about what was run and found, called by `make report`; it runs nothing
# but the findings themselves, and is made from what other commands wrote:
#
#	WORK/history, growth, findings/	make fuzz-libfuzzer
#	$CAMPAIGN/log/, findings/	make campaign
#	COVERAGE/table, of		make coverage, of the same text; by default build/coverage
#	BUGS_FOUND			make bugs; by default build/bugs/found
#
# OUT gets index.html, which needs no other file, and report.txt, the same for a mail.  Environment: KERNEL (a tree
# or empty), TARGET, MAP, RESVMAP_REPLAY, RESVMAP_IMPORT and RESVMAP_TEXT; PORT_TOOL, the trace tool without KERNEL,
# which knows what should be: by it a C program of system calls is written.
#
# Exit status: 0; 2 there is nothing to report, and no page is left.
set -u
export LC_ALL=C

tool=$1 out=$2 work=$3
campaign=${CAMPAIGN-} kernel=${KERNEL-} coverage=${COVERAGE:-build/coverage} found=${BUGS_FOUND:-build/bugs/found}
html=$out/index.html mail=$out/report.txt
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
RESVMAP_ABOUT=$(fuzz/explain/about.sh)
export RESVMAP_ABOUT

escaped() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

# Both forms at once: a heading, a paragraph, preformatted text, and a table of lines with tabs.
heading() { echo "<h2>$1</h2>" >>"$html"; printf '\n%s\n%s\n' "$1" "$(echo "$1" | sed 's/./-/g')" >>"$mail"; }
paragraph() {
	echo "<p>$(echo "$1" | escaped)</p>" >>"$html"
	printf '\n%s\n' "$1" | fold -s -w 100 >>"$mail"
}
verbatim() {
	{ echo "<pre>"; escaped <"$1"; echo "</pre>"; } >>"$html"
	{ echo; sed 's/^/    /' "$1"; } >>"$mail"
}
# The first line of the file has the names of the columns.
table() {
	escaped <"$1" | awk -F'\t' '
		BEGIN { print "<table>" }
		{ printf "<tr>"; for (i = 1; i <= NF; i++) printf NR == 1 ? "<th>%s</th>" : "<td>%s</td>", $i; print "</tr>" }
		END { print "</table>" }' >>"$html"
	awk -F'\t' '
		{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) }; columns = NF }
		END { print ""; for (r = 1; r <= NR; r++) { line = "    "
			for (i = 1; i <= columns; i++) line = line sprintf("%-" width[i] "s  ", cell[r, i])
			sub(/ +$/, "", line); print line } }' "$1" >>"$mail"
}

# --- what there is

findings_of() { find "$@" -name '[!.]*.trace' 2>/dev/null | sort; }

gather() {
	: >"$tmp/runs"
	if [ -s "$work/history" ]; then
		awk '{ runs += $3; ops += $4; seconds += $2; times++ }
			END { printf "make fuzz-libfuzzer\t%.0f\t%.0f\t%.0f s in %d runs of it\n", runs, ops, seconds, times }' \
			"$work/history" >>"$tmp/runs"
	fi
	if [ -n "$campaign" ] && [ -e "$campaign/log/stats" ]; then
		fuzz/engines/stats.sh "$campaign/log/stats" |
			awk '{ printf "make campaign\t%s\t%s\tall engines, since it was started last\n", $1, $2 }' >>"$tmp/runs"
	fi
	findings_of "$work/findings" ${campaign:+"$campaign/findings"} >"$tmp/findings"
	if [ ! -s "$tmp/runs" ] && [ ! -s "$tmp/findings" ]; then
		rm -f "$html" "$mail"
		echo "report: nothing was run yet on this map, and nothing found: make fuzz-libfuzzer or make campaign" \
			"with the same TARGET=, MAP= and KERNEL= comes first" >&2
		exit 2
	fi
}

begin() {
	mkdir -p "$out"
	cat >"$html" <<-END
		<!DOCTYPE html>
		<html lang="en"><head><meta charset="utf-8"><title>resvmap-fuzz: report</title>
		<meta name="viewport" content="width=device-width">
		<style>
		:root{color-scheme:light dark}
		body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
		pre,code,td{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:13px}
		pre{background:#f4f6f8;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:4px}
		table{border-collapse:collapse;margin:.6rem 0}th,td{padding:.15rem .9rem .15rem 0;text-align:left;border-bottom:1px solid #d0d7de}
		h2{margin-top:2.2rem;border-bottom:2px solid #d0d7de}h3{color:#b3261e;margin-top:2rem}
		.picture{overflow:auto;border:1px solid #d0d7de;border-radius:4px}summary{cursor:pointer}
		@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#15191e}pre{background:#1c2229}
		th,td,h2,.picture{border-color:#39424e}h3{color:#ff8b80}}
		</style></head><body>
		<h1>resvmap-fuzz: report</h1>
	END
	printf 'resvmap-fuzz: report\n====================\n' >"$mail"
	paragraph "Under test: $RESVMAP_ABOUT. TARGET=$TARGET."
	count=$(wc -l <"$tmp/findings")
	case $count in
	0) paragraph "Nothing was found."; return ;;
	1) paragraph "One finding:" ;;
	*) paragraph "$count findings:" ;;
	esac
	printf 'rule that failed\twhat was seen\n' >"$tmp/table"
	while IFS= read -r finding; do
		sed -n '1s/^# \([a-z-]*\): /\1\t/p' "$finding"
	done <"$tmp/findings" >>"$tmp/table"
	table "$tmp/table"
}

# holds RULE: what must hold, in words
holds() { sed -n "s/^RULE([A-Z_]*, \"$1\", \"\(.*\)\")\$/\1/p" fuzz/run/rules.def; }

# --- what was run

# A picture of the growth: corpus and edges over runs, both from 0 to their most, runs as their logarithm.
draw_growth() {
	awk '$1 > 0 { n++; runs[n] = log($1); edges[n] = $2; inputs[n] = $3
			if ($2 > most_edges) most_edges = $2
			if ($3 > most_inputs) most_inputs = $3
			last = $1 }
		END {
			if (n < 2 || runs[n] <= runs[1]) exit
			print "<div class=\"picture\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"200\" role=\"img\">"
			print "<rect width=\"100%\" height=\"100%\" class=\"back\"/>"
			line("edges", "stroke:#0b5cad")
			line("inputs", "stroke:#1a7f37")
			printf "<text x=\"10\" y=\"195\" class=\"small\">runs from %d to %d, as logarithm; blue: edges, at last %d; green: inputs kept, at last %d</text></svg></div>\n", exp(runs[1]) + .5, last, edges[n], inputs[n]
		}
		function line(what, style,    i, y) {
			printf "<polyline style=\"fill:none;stroke-width:2;%s\" points=\"", style
			for (i = 1; i <= n; i++) {
				y = what == "edges" ? edges[i] / most_edges : inputs[i] / most_inputs
				printf "%.0f,%.0f ", 10 + 620 * (runs[i] - runs[1]) / (runs[n] - runs[1]), 175 - 165 * y
			}
			print "\"/>"
		}' "$1" >>"$html"
	awk 'END { if (NR) print "\nAt last " $2 " edges and " $3 " inputs kept, after " $1 " runs." }' "$1" >>"$mail"
}

tell_runs() {
	heading "What was run"
	if [ ! -s "$tmp/runs" ]; then
		paragraph "How much was run is not known; only findings were left."
		return
	fi
	{ printf 'by\truns\tops\tin\n'; cat "$tmp/runs"; } >"$tmp/table"
	table "$tmp/table"
	if [ -s "$work/growth" ]; then
		draw_growth "$work/growth"
	elif [ -n "$campaign" ] && [ -e "$campaign/log/libfuzzer.1" ]; then
		sed -nE 's/^#([0-9]+).*cov: ([0-9]+).*corp: ([0-9]+).*/\1 \2 \3/p' "$campaign/log/libfuzzer.1" >"$tmp/growth"
		draw_growth "$tmp/growth"
	fi
}

tell_coverage() {
	heading "What the corpus reaches of the text under test"
	if [ ! -s "$coverage/table" ] || [ ! -s "$coverage/of" ]; then
		paragraph "Not measured: make coverage${RESVMAP_REPLAY-} does."
	elif [ "$(cat "$coverage/of")" != "$(echo "$RESVMAP_ABOUT"; echo "TARGET=$TARGET")" ]; then
		paragraph "Not measured of this text, but of another one: make coverage${RESVMAP_REPLAY-} does."
	else
		paragraph "By the corpus alone, without fuzzing. FILE:LINE of what is not reached is in $coverage/missed."
		verbatim "$coverage/table"
	fi
}

# Runs to the first finding are taken for those of a bug that is found in a run with the same chance each time: after
# n runs a bug that took r has been found with probability 1 - exp(-n / r).
tell_findability() {
	heading "Would a bug have been found?"
	if [ ! -s "$found" ]; then
		paragraph "Not measured: make bugs plants the known ones, and says after how many runs each is found."
		return
	fi
	runs=$(awk -F'\t' '{ runs += $2 } END { printf "%.0f", runs }' "$tmp/runs")
	paragraph "Known bugs, each planted by itself and found from an empty corpus by make bugs, the hardest first. The last column: after $runs runs, which is what was run here, a bug as hard as that one would have been found with this probability, if each run finds it with the same chance."
	sort -k3,3nr "$found" | awk -v n="$runs" '
		BEGIN { print "bug\trule\truns to its finding\tseconds\tprobability" }
		{ r = $3 > 0 ? $3 : 1; p = 1 - exp(-n / r)
			printf "%s\t%s\t%s\t%s\t%s\n", $1, $2, $3, $4, (p > 0.9999 ? "over 0.9999" : sprintf("%.4f", p)) }' >"$tmp/table"
	table "$tmp/table"
}

# --- findings

# The numbers in the program of a reserve trace are those of a run in which every rule holds.  A call that the port
# cannot make is not in it.
write_program() {
	"$tool" c --target="$TARGET" "$1" >"$tmp/c" 2>"$tmp/why" && by=${RESVMAP_REPLAY-} && return
	[ -n "${PORT_TOOL-}" ] && "$PORT_TOOL" c --target="$TARGET" "$1" >"$tmp/c" 2>"$tmp/why" || return
	by=" TARGET=$TARGET KERNEL="
	fails=$(sed -n 's/^> *//p' "$tmp/story" | sed 's/ -> .*//')
	grep -qF "step(\"$fails" "$tmp/c" || { echo "what should be is not known of: $fails" >"$tmp/why"; return 1; }
}

tell_program() {
	if ! write_program "$1"; then
		paragraph "As a C program: $(cat "$tmp/why")"
		return
	fi
	{ echo "<details><summary>as a C program</summary><pre>"; escaped <"$tmp/c"; echo "</pre></details>"; } >>"$html"
	# shellcheck disable=SC2016 # the reader's shell expands it
	printf '\nAs a C program:\n\n    $(make -s build-trace%s) c %s\n' "$by" "$1" >>"$mail"
}

tell_maintainers() {
	[ -n "$kernel" ] || return
	if fuzz/explain/maintainers.sh "$kernel" mm/hugetlb.c fs/hugetlbfs/inode.c >"$tmp/people" 2>"$tmp/why"; then
		paragraph "Who is to hear of it (MAINTAINERS of the tree), after a look whether the newest tree still has it:"
		verbatim "$tmp/people"
	else
		paragraph "Who is to hear of it is not known: $(cat "$tmp/why")."
	fi
}

tell_finding() {
	name=$(basename "$1" .trace)
	rule=$(sed -n '1s/^# \([a-z-]*\):.*/\1/p' "$1")
	echo "<h3>$name</h3>" >>"$html"
	printf '\n%s\n' "$name" >>"$mail"
	[ -z "$(holds "$rule")" ] || paragraph "What must hold ($rule): $(holds "$rule")."
	"$tool" run --target="$TARGET" "$1" >"$tmp/raw" 2>&1
	# What was under test the page has said.
	awk -v here="$PWD" -f fuzz/engines/story.awk "$tmp/raw" | grep -v '^under test: ' >"$tmp/story"
	[ -s "$tmp/story" ] || paragraph "It does not fail any more with what is under test now."
	if "$tool" svg --target="$TARGET" "$1" >"$tmp/svg" 2>/dev/null && [ -s "$tmp/svg" ]; then
		{ echo '<div class="picture">'; cat "$tmp/svg"; echo '</div>'; } >>"$html"
	fi
	[ -s "$tmp/story" ] || cp "$1" "$tmp/story"
	verbatim "$tmp/story"
	tell_program "$1"
	{
		echo "make replay${RESVMAP_REPLAY-} TRACE=$1"
		[ -z "$kernel" ] || echo "git bisect run $PWD/fuzz/engines/bisect.sh TRACE=$(realpath "$1")${rule:+ RULE=$rule}"
	} >"$tmp/lines"
	paragraph "To see it again${kernel:+; and, in the tree after git bisect start BAD GOOD, to find the commit}:"
	verbatim "$tmp/lines"
}

# ops FILE: "name, a tab, what it does", of a list of ops
ops() {
	{ tr '\n\t' '  ' <"$1" && echo; } | sed 's/\<\(OP\|HEAD\|ORDER\)(/\n\1 /g' |
		sed -n "s/^O[A-Z]* '.', *\([a-z]*\),.*\"\(.*\)\").*/\1\t\2/p"
}

# The words that stand in what was told of the findings, and no others.
tell_words() {
	list=fuzz/targets/$TARGET/ops.def
	[ -e "$list" ] || list=fuzz/map/ops.def
	heading "The words of these traces"
	{
		printf 'word\tmeans\n'
		{ sed 1q fuzz/explain/words; ops "$list"; sed 1d fuzz/explain/words; } | while IFS='	' read -r word means; do
			case $word in
			pool* | board) first=${word%% *} ;;
			'[1,3)') first='\[[0-9]*,' ;;
			'a to h') first='[a-h]' ;;
			'in 1:') first='in [0-9]:' ;;
			'-> ENOMEM') first='-> E[A-Z]*' ;;
			*) first=$word ;;
			esac
			! grep -qE -e "(^|[ >])$first( |,|[0-9]|\$)" "$tmp/told" || printf '%s\t%s\n' "$word" "$means"
		done
	} >"$tmp/table"
	table "$tmp/table"
}

tell_findings() {
	[ -s "$tmp/findings" ] || return
	heading "Findings"
	: >"$tmp/told"
	while IFS= read -r finding; do
		tell_finding "$finding"
		cat "$tmp/story" >>"$tmp/told"
	done <"$tmp/findings"
	tell_maintainers
	tell_words
}

gather
begin
tell_runs
tell_findings
tell_findability
tell_coverage
echo "</body></html>" >>"$html"
echo "report: $html, and $mail for a mail"
