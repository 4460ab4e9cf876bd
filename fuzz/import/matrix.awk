# SPDX-License-Identifier: GPL-2.0-only
#
# matrix.awk -v form=text|html -v title=NAME CELLS: the table of fuzz/import/matrix.sh.
#
# CELLS has lines "tree<tab>trace<tab>cell<tab>what", where what is the rule's own sentence or missing; trees are
# columns and traces rows, in the order in which they come.
# Ends with 1 if a rule fired, else with 125 if a tree could not be built.

BEGIN { FS = "\t" }

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}

# Is the cell of tree number t another one than that of its left neighbour?  A tree that was not built is nobody's.
function changes(t, trace,    left) {
	for (left = t - 1; left > 0 && cell[tree[left], trace] == "no build"; left--)
		;
	return left > 0 && cell[tree[t], trace] != "no build" && cell[tree[t], trace] != cell[tree[left], trace]
}

function text_of(t, trace) {
	return cell[tree[t], trace] (changes(t, trace) ? "*" : "")
}

!($1 in width) {
	tree[++trees] = $1
	width[$1] = length($1)
}
!($2 in seen) {
	seen[$2] = 1
	row[++rows] = $2
	widest = length($2) > widest ? length($2) : widest
}
{
	cell[$1, $2] = $3
	what[$1, $2] = $4
	unbuilt += $3 == "no build"
	if ($3 != "no build" && $3 != "ok") {
		fired++
		failed_on[$1]++
		failed_in[$2]++
	}
}

function print_text(    r, t, line, length_of) {
	for (t = 1; t <= trees; t++)
		for (r = 1; r <= rows; r++) {
			length_of = length(text_of(t, row[r]))
			width[tree[t]] = length_of > width[tree[t]] ? length_of : width[tree[t]]
			marked += changes(t, row[r])
		}
	for (r = 0; r <= rows; r++) {
		line = sprintf("%-*s", widest, row[r])
		for (t = 1; t <= trees; t++)
			line = line sprintf("  %-*s", width[tree[t]], r ? text_of(t, row[r]) : tree[t])
		sub(/ +$/, "", line)
		print line
	}
	if (marked)
		print "* is not as its left neighbour" (unbuilt ? " that was built" : "")
}

function print_head(    r, good) {
	print "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	print "<meta name=\"viewport\" content=\"width=device-width\"><title>" escaped(title) "</title><style>"
	print ":root { color-scheme: light dark; --line: #8886 }"
	print "body { font: 14px sans-serif; margin: 2em } table { border-collapse: collapse }"
	print "th, td { border: 1px solid var(--line); padding: 3px 8px; text-align: left }"
	print "thead th { position: sticky; top: 0; background: Canvas } tbody th { font-weight: normal }"
	print "td.ok { opacity: .6 } td.fired { background: #e5393533 } td.unbuilt { background: #8883 }"
	print "td.changed { border-left: 4px solid #3584e4; font-weight: bold; opacity: 1 }"
	print "td[title] { text-decoration: underline dotted; cursor: help } tr.sum td { border-top: 3px double var(--line) }"
	print "label { line-height: 2.5 } #few:checked ~ table tr.good { display: none }"
	print "</style></head><body><h1>" escaped(title) "</h1>"
	for (r = 1; r <= rows; r++)
		good += !failed_in[row[r]]
	printf "<p>%d traces on %d trees; %d fail on none of them.", rows, trees, good
	print " A row is a trace, a column a kernel&#8217;s text; a cell is <em>ok</em>, the rule"
	print "that did not hold (point at it for what it said), or <em>no build</em>. A thick left edge marks a cell that"
	print "is not as its left neighbour that was built.</p>"
	print "<input type=\"checkbox\" id=\"few\"><label for=\"few\"> only traces that fail somewhere</label>"
}

function print_cell(t, trace,    is, class, said) {
	is = cell[tree[t], trace]
	class = is == "ok" ? "ok" : is == "no build" ? "unbuilt" : "fired"
	said = what[tree[t], trace]
	printf "<td class=\"%s%s\"%s>%s</td>", class, changes(t, trace) ? " changed" : "",
		said == "" ? "" : " title=\"" escaped(said) "\"", escaped(is)
}

function print_page(    r, t) {
	print_head()
	printf "<table><thead><tr><th>trace</th>"
	for (t = 1; t <= trees; t++)
		printf "<th>%s</th>", escaped(tree[t])
	print "</tr></thead><tbody>"
	for (r = 1; r <= rows; r++) {
		printf "<tr%s><th>%s</th>", failed_in[row[r]] ? "" : " class=\"good\"", escaped(row[r])
		for (t = 1; t <= trees; t++)
			print_cell(t, row[r])
		print "</tr>"
	}
	printf "<tr class=\"sum\"><th>failed</th>"
	for (t = 1; t <= trees; t++)
		printf "<td>%d</td>", failed_on[tree[t]]
	print "</tr></tbody></table></body></html>"
}

END {
	if (form == "html")
		print_page()
	else
		print_text()
	exit fired ? 1 : unbuilt ? 125 : 0
}
