# SPDX-License-Identifier: GPL-2.0-only
#
# matrix.awk -v form=text|html -v title=NAME CELLS: the table of fuzz/import/matrix.sh.
#
# CELLS has lines "tree<tab>trace<tab>cell"; trees are columns and traces rows, in the order in which they come.
# Ends with 1 if a rule fired, else with 125 if a tree could not be built.

BEGIN { FS = "\t" }

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

# Is the cell of tree number t another one than that of its left neighbour?
function changes(t, trace) {
	return t > 1 && cell[tree[t], trace] != cell[tree[t - 1], trace]
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
	unbuilt += $3 == "no build"
	fired += $3 != "no build" && $3 != "ok"
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
		print "* is not as its left neighbour"
}

function print_page(    r, t, is, class) {
	print "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" escaped(title) "</title><style>"
	print "body { font: 14px sans-serif; margin: 2em } table { border-collapse: collapse }"
	print "th, td { border: 1px solid #ccc; padding: 3px 8px; text-align: left } th { background: #f2f2f2 }"
	print "thead th { position: sticky; top: 0 } td.ok { color: #666 } td.fired { background: #fde0dc }"
	print "td.unbuilt { background: #eee } td.changed { border-left: 4px solid #06c; font-weight: bold }"
	print "</style></head><body><h1>" escaped(title) "</h1>"
	print "<p>A row is a trace, a column a kernel&#8217;s text; a cell is <em>ok</em>, the rule that did not hold, or"
	print "<em>no build</em>. A thick left edge marks a cell that is not as its left neighbour.</p>"
	printf "<table><thead><tr><th>trace</th>"
	for (t = 1; t <= trees; t++)
		printf "<th>%s</th>", escaped(tree[t])
	print "</tr></thead><tbody>"
	for (r = 1; r <= rows; r++) {
		printf "<tr><th>%s</th>", escaped(row[r])
		for (t = 1; t <= trees; t++) {
			is = cell[tree[t], row[r]]
			class = is == "ok" ? "ok" : is == "no build" ? "unbuilt" : "fired"
			printf "<td class=\"%s%s\">%s</td>", class, changes(t, row[r]) ? " changed" : "", escaped(is)
		}
		print "</tr>"
	}
	print "</tbody></table></body></html>"
}

END {
	if (form == "html")
		print_page()
	else
		print_text()
	exit fired ? 1 : unbuilt ? 125 : 0
}
