# SPDX-License-Identifier: GPL-2.0-only
#
# story.awk -v here=FOLDER: of all that a program says when a rule fails, what a person wants to read.
#
# A rule of ours comes with its story, which stays as it is.  A sanitizer says more, and names the place
# where it stopped, which may be a list helper of the shim.  What is kept of it is its message and the
# calls down to the harness; the first line names the first of those calls that is in the text under
# test: the map and its callers, or the kernel's files where those were imported.
#
# It must not know an engine.  Paths are told from FOLDER.

function shorter(path) {
	return index(path, here "/") == 1 ? substr(path, length(here) + 2) : path
}

function is_tested(path) {
	return path ~ /(^|\/)(src\/(map|callers|hugetlbfs)|fuzz\/trace)\// ||
		path ~ /(^|\/)(mm\/hugetlb[^\/]*\.c|fs\/hugetlbfs\/[^\/]*\.c|include\/linux\/hugetlb[^\/]*\.h):/
}

# A call: "#N 0xADDRESS in FUNCTION FILE:LINE:COLUMN", of which the name of a file may have blanks.
function hear_call(line,    name, path) {
	sub(/^ *#[0-9]+ 0x[0-9a-f]+ (in )?/, "", line)
	name = line
	sub(/ .*/, "", name)
	path = shorter(substr(line, length(name) + 2))
	if (path ~ /^fuzz\// && !is_tested(path))
		in_harness = 1
	# What the sanitizer itself calls, and what has no name, is nobody's.
	if (in_harness || path !~ /:[0-9]+(:[0-9]+)?$/ || path ~ /compiler-rt/)
		return
	calls = calls "    " name " " path "\n"
	if (place == "" && is_tested(path))
		place = path " in " name
}

function hear(line) {
	gsub(/==[0-9]+==/, "", line)
	if (line ~ /^ *#[0-9]+ /) {
		hear_call(line)
	} else if (line ~ /: runtime error: /) {
		calls = calls "  " shorter(line) "\n"
		in_harness = 0
	} else if (line ~ /^ *(READ|WRITE) of size|^The signal is caused|was (stored|created)|^ *(freed|previously allocated|allocated) by/) {
		sub(/^ */, "", line)
		gsub(/ (at|to|with) 0x[0-9a-f]+| thread T[0-9]+|( here)?:$/, "", line)
		calls = calls "  " line "\n"
		in_harness = 0
	}
}

# "FAIL rule: Sanitizer: kind FILE:LINE:COLUMN in FUNCTION"
function tell_first(line,    words, rule) {
	if (line ~ /^FAIL [a-z-]+: [A-Za-z]+Sanitizer: / && place != "") {
		split(line, words, " ")
		line = words[1] " " words[2] " " words[3] " " words[4] " " place
	}
	print line
	printf "%s", calls
}

telling && /^SUMMARY: / { exit }
telling { print; next }
/^FAIL / { telling = 1; tell_first($0); next }
{ hear($0) }
