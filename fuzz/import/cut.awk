# SPDX-License-Identifier: GPL-2.0-only
#
# Cuts functions out of a kernel tree, and all that they call in the files read, whole and
# unchanged.  So a helper may have any name, as long as it stands in one of these files.  What is
# wanted, and what it promises, says import_map.awk for the map and import_reserve.awk for its
# callers; this file is the knife.
#
#	awk -v root=TREE -v out=FOLDER -v text=FILE -v cgroup=0|1 -v part=map|reserve \
#		-f import_cut.awk -f import_map.awk -f import_reserve.awk TAGS
#
# TAGS are ctags' lines "name|kind|file|line|end|signature", in the order of the text; the kind
# "shim" is a name that src/shim/ supplies.  That one is never cut, also if the tree has it, and
# nothing that only it calls.  Writes types.h, FILE, facts and cuts (one "what name file first last"
# a line) into FOLDER.  Exit status 125: something is missing, and a line on stderr says what.
#
# Plain POSIX awk: mawk and busybox have to do.

function fail(what) {
	print "import: " root ": " what > "/dev/stderr"
	failed = 1
	exit 125
}

function load(file,	line, n) {
	if (file in lines)
		return
	while ((getline line < (root "/" file)) > 0)
		text_of[file, ++n] = line
	lines[file] = n
	close(root "/" file)
}

# The line where the declaration begins whose name stands on line @at: the return type may have
# lines of its own.
function first_line(file, at,	before) {
	while (at > 1) {
		before = text_of[file, at - 1]
		if (before ~ /^[ \t]*$/ || before ~ /^#/ || before ~ /([;}]|\*\/)[ \t]*$/)
			break
		at--
	}
	return at
}

# The types of a signature, without names: "struct resv_map *,long,long".
function types_of(signature,	n, i, part_of, types) {
	gsub(/^\(|\)$/, "", signature)
	n = split(signature, part_of, ",")
	for (i = 1; i <= n; i++) {
		gsub(/^[ \t]+|[ \t]+$/, "", part_of[i])
		gsub(/[ \t]+/, " ", part_of[i])
		if (part_of[i] != "void")
			sub(/ ?[A-Za-z_0-9]+$/, "", part_of[i])
		types = types (i > 1 ? "," : "") part_of[i]
	}
	return types
}

# Does the function return @type?
function returns(name, type,	i, head) {
	for (i = first_line(tag_file[name], tag_line[name]); i <= tag_line[name]; i++)
		head = head " " text_of[tag_file[name], i]
	return substr(head, 1, index(head, name "(") - 1) ~ ("[ \t]" type "[ \t]")
}

# A function's text without comments, strings and preprocessor lines.
function code_of(name,	file, i, line, code, at) {
	file = tag_file[name]
	for (i = first[name]; i <= last[name]; i++)
		if (text_of[file, i] !~ /^[ \t]*#/)
			code = code text_of[file, i] "\n"
	gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
	gsub(/\/\/[^\n]*/, "", code)
	while ((at = index(code, "/*"))) {
		line = substr(code, at + 2)
		code = substr(code, 1, at - 1) " " substr(line, index(line, "*/") + 2)
	}
	return code
}

function want(name) {
	if (!(name in tag_file) || name in first)
		return
	if (name in shim) {
		replaced[name] = 1
		return
	}
	first[name] = first_line(tag_file[name], tag_line[name])
	last[name] = tag_end[name]
	worklist[++wanted] = name
}

# The names that @code calls, into called[1] and on; returns their number.
function calls_of(code, called,	n, name) {
	while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
		name = substr(code, RSTART, RLENGTH)
		code = substr(code, RSTART + RLENGTH)
		sub(/[ \t]*\($/, "", name)
		called[++n] = name
	}
	return n
}

# All that the wanted functions call, and what these call.
function follow_calls(	i, k, n, called) {
	for (i = 1; i <= wanted; i++) {
		body[worklist[i]] = code_of(worklist[i])
		n = calls_of(body[worklist[i]], called)
		for (k = 1; k <= n; k++)
			want(called[k])
	}
}

# Does @name, or a function that it leads to, say what @pattern matches?
function says(name, pattern,	i, k, n, queued, queue, seen, called) {
	queue[queued = 1] = name
	seen[name] = 1
	for (i = 1; i <= queued; i++) {
		if (body[queue[i]] ~ pattern)
			return 1
		n = calls_of(body[queue[i]], called)
		for (k = 1; k <= n; k++) {
			if (!(called[k] in body) || called[k] in seen)
				continue
			seen[called[k]] = 1
			queue[++queued] = called[k]
		}
	}
	return 0
}

# One of the signatures that @caller can call; returns which, counted from 1.
function need_signature(name, known,	part_of, n, i, types) {
	if (!(name in tag_file))
		fail("no function " name "() in mm/hugetlb.c; " caller " calls it")
	types = types_of(tag_signature[name])
	n = split(known, part_of, "|")
	for (i = 1; i <= n; i++)
		if (types == part_of[i])
			return i
	fail(tag_file[name] ":" tag_line[name] ": " name "(" types ") is new; " \
	     caller " knows " name "(" part_of[1] ")" (n > 1 ? \
	     " and up to (" part_of[n] ")" : ""))
}

# The same for a function that was renamed; returns which name is there, and fails on none.
function need_one_of(names,	part_of, n, i) {
	n = split(names, part_of, "|")
	for (i = 1; i <= n; i++)
		if (part_of[i] in tag_file)
			return part_of[i]
	gsub(/\|/, "() or ", names)
	fail("no function " names "() in mm/hugetlb.c; " caller " calls it")
}

function need_field(struct_name, field, why,	i, file, found) {
	file = item_file[struct_name]
	for (i = item_first[struct_name]; i <= item_last[struct_name]; i++)
		if (text_of[file, i] ~ ("[ \t*]" field "[ \t]*[;,]"))
			found = 1
	if (!found && why != "")
		fail("struct " struct_name " has no " field ": " why)
	return found
}

function need_item(name) {
	if (!(name in item_file))
		fail("no " item_kind[name] " " name " in include/linux/hugetlb.h or mm/hugetlb.c")
}

function copy(file, from, to, dest,	i) {
	printf "#line %d \"%s/%s\"\n", from, root, file > dest
	for (i = from; i <= to; i++)
		print text_of[file, i] > dest
	print "" > dest
}

function note(kind, name, file, from, to) {
	print kind, name, file, from, to > (out "/cuts")
}

# What is no function: a struct, an enum, a macro, the typedef of one.
function write_item(name) {
	if (!(name in item_file))
		return
	copy(item_file[name], item_first[name], item_last[name], out "/types.h")
	note(item_kind[name], name, item_file[name], item_first[name], item_last[name])
}

# The function's head, up to the brace in the first column.
function write_prototype(name,	i, file) {
	file = tag_file[name]
	for (i = first[name]; i < last[name] && text_of[file, i + 1] !~ /^{/; i++)
		print text_of[file, i] > (out "/" text)
	print text_of[file, i] ";" > (out "/" text)
}

function write_functions(	i, name) {
	for (i = 1; i <= tags; i++)
		if (order[i] in first)
			write_prototype(order[i])
	print "" > (out "/" text)
	for (i = 1; i <= tags; i++) {
		name = order[i]
		if (!(name in first))
			continue
		copy(tag_file[name], first[name], last[name], out "/" text)
		note("function", name, tag_file[name], first[name], last[name])
	}
	for (i = 1; i <= tags; i++)
		if (order[i] in replaced)
			note("shim", order[i], tag_file[order[i]], tag_line[order[i]], "-")
}

function write_facts(	key) {
	for (key in fact)
		print "#define IMPORT_" key " " (fact[key] ? 1 : 0) | ("sort > " out "/facts")
	close("sort > " out "/facts")
}

# A typedef's tag stands on its last line, a macro may go on behind a backslash.
function take_item(name, file, at, end) {
	if (name in item_file)
		return
	load(file)
	item_file[name] = file
	item_first[name] = item_kind[name] == "macro" ? at : first_line(file, at)
	item_last[name] = end
	while (item_kind[name] == "typedef" && text_of[file, item_first[name]] !~ /^typedef/)
		item_first[name]--
	while (item_kind[name] == "macro" && text_of[file, item_last[name]] ~ /\\$/)
		item_last[name]++
}

BEGIN {
	FS = "|"
	wish_items()
}

$2 == "shim" { shim[$1] = 1 }

$1 in item_kind && $2 == item_kind[$1] { take_item($1, $3, $4, $5 ? $5 : $4) }

# Of a name that has two definitions the first counts: a .c file before a header, where the second
# is what stands there without the CONFIG_.
$2 == "function" && !($1 in tag_file) {
	if (!cgroup && $3 ~ /cgroup/)
		next
	load($3)
	order[++tags] = $1
	tag_file[$1] = $3
	tag_line[$1] = $4
	tag_end[$1] = $5
	tag_signature[$1] = $6
}

END {
	if (failed)
		exit 125
	check_map()
	want_map()
	if (part == "reserve") {
		check_reserve()
		want_reserve()
	}
	follow_calls()
	find_map_traits()
	if (part == "reserve")
		find_reserve_traits()
	write_items()
	write_functions()
	write_facts()
}
