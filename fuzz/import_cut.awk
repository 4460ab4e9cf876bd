# SPDX-License-Identifier: GPL-2.0-only
#
# Cuts the reservation map out of a kernel tree: the structs, the functions that fuzz/kernel_map.c
# calls, and every function of mm/hugetlb.c and mm/hugetlb_cgroup.c that those call in turn, whole
# and unchanged.  So a helper may have any name, as long as it stands in one of these files.
#
#	awk -v root=TREE -v out=FOLDER -v cgroup=0|1 -f import_cut.awk TAGS
#
# TAGS are ctags' lines "name|kind|file|line|end|signature", in the order of the text.  Writes
# types.h, map.c, import.h and cuts (one "what name file first last" a line) into FOLDER.  What the
# map promises is read off its signatures, fields and calls, never off a version number, for
# distributions backport.  Exit status 125: something is missing, and a line on stderr says what.
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
		text[file, ++n] = line
	lines[file] = n
	close(root "/" file)
}

# The line where the declaration begins whose name stands on line @at: the return type may have
# lines of its own.
function first_line(file, at,	before) {
	while (at > 1) {
		before = text[file, at - 1]
		if (before ~ /^[ \t]*$/ || before ~ /^#/ || before ~ /([;}]|\*\/)[ \t]*$/)
			break
		at--
	}
	return at
}

# The types of a signature, without names: "struct resv_map *,long,long".
function types_of(signature,	n, i, part, types) {
	gsub(/^\(|\)$/, "", signature)
	n = split(signature, part, ",")
	for (i = 1; i <= n; i++) {
		gsub(/^[ \t]+|[ \t]+$/, "", part[i])
		gsub(/[ \t]+/, " ", part[i])
		if (part[i] != "void")
			sub(/ ?[A-Za-z_0-9]+$/, "", part[i])
		types = types (i > 1 ? "," : "") part[i]
	}
	return types
}

# A function's text without comments, strings and preprocessor lines.
function code_of(name,	file, i, line, code, at) {
	file = tag_file[name]
	for (i = first[name]; i <= last[name]; i++)
		if (text[file, i] !~ /^[ \t]*#/)
			code = code text[file, i] "\n"
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

# One of the signatures that fuzz/kernel_map.c can call; returns which, counted from 1.
function need_signature(name, known,	part, n, i, types) {
	if (!(name in tag_file))
		fail("no function " name "() in mm/hugetlb.c; fuzz/kernel_map.c calls it")
	types = types_of(tag_signature[name])
	n = split(known, part, "|")
	for (i = 1; i <= n; i++)
		if (types == part[i])
			return i
	fail(tag_file[name] ":" tag_line[name] ": " name "(" types ") is new; " \
	     "fuzz/kernel_map.c knows " name "(" part[1] ")" (n > 1 ? \
	     " and up to (" part[n] ")" : ""))
}

function need_field(struct_name, field, why,	i, file, found) {
	file = struct_file[struct_name]
	for (i = struct_first[struct_name]; i <= struct_last[struct_name]; i++)
		if (text[file, i] ~ ("[ \t*]" field "[ \t]*;"))
			found = 1
	if (!found && why != "")
		fail("struct " struct_name " has no " field ": " why)
	return found
}

function check_structs() {
	if (!("resv_map" in struct_file))
		fail("no struct resv_map in include/linux/hugetlb.h")
	if (!("file_region" in struct_file))
		fail("no struct file_region in include/linux/hugetlb.h or mm/hugetlb.c")
	need_field("resv_map", "regions", "fuzz/target_walk.h walks it")
	need_field("resv_map", "region_cache", \
	           "a map without an entry cache, as before 4.3, makes no promise to test")
	need_field("resv_map", "region_cache_count", "fuzz/target_walk.h reads it")
	need_field("resv_map", "adds_in_progress", "fuzz/target_walk.h reads it")
	need_field("resv_map", "refs", "fuzz/kernel_map.c drops it")
	need_field("file_region", "link", "fuzz/target_walk.h follows it")
	need_field("file_region", "from", "fuzz/target_walk.h reads it")
	need_field("file_region", "to", "fuzz/target_walk.h reads it")
}

function check_functions(	m, add, chg, abort) {
	m = "struct resv_map *"
	chg = need_signature("region_chg", m ",long,long|" m ",long,long,long *")
	add = need_signature("region_add", m ",long,long|" m ",long,long,long|" m \
	                     ",long,long,long,struct hstate *,struct hugetlb_cgroup *")
	abort = need_signature("region_abort", m ",long,long|" m ",long,long,long")
	need_signature("region_del", m ",long,long")
	need_signature("region_count", m ",long,long")
	need_signature("resv_map_alloc", "void")
	need_signature("resv_map_release", "struct kref *")
	if (chg != abort || (add > 1) != (chg > 1))
		fail("region_chg, region_add and region_abort disagree about regions_needed: " \
		     "a mix of two generations that fuzz/kernel_map.c cannot call")
	fact["REGIONS_NEEDED"] = chg > 1
	fact["H_CG"] = add > 2
}

function find_traits() {
	# A ticket worth one entry, whatever the holes, is enough only where an add merges.  Other
	# maps do if an add gives the end of one region to another.
	fact["MERGES"] = !fact["REGIONS_NEEDED"] || \
		says("region_add", "->(from|to)[ \t]*=[ \t]*[a-z_]+->(from|to);")
	# Up to 5.4 chg itself puts a region of no page where the add will need one.
	fact["PLACEHOLDERS"] = body["region_chg"] ~ /->from[ \t]*=[^=]/
	fact["CGROUP"] = cgroup && need_field("file_region", "css") && \
		"hugetlb_cgroup_uncharge_file_region" in first
	# Up to 5.9 the regions of one reservation share the caller's reference.
	fact["CSS_PER_REGION"] = fact["CGROUP"] && says("region_add", "css_get[ \t]*\\(")
}

function copy(file, from, to, dest,	i) {
	printf "#line %d \"%s/%s\"\n", from, root, file > dest
	for (i = from; i <= to; i++)
		print text[file, i] > dest
	print "" > dest
}

function note(kind, name, file, from, to) {
	print kind, name, file, from, to > (out "/cuts")
}

function write_struct(name) {
	copy(struct_file[name], struct_first[name], struct_last[name], out "/types.h")
	note("struct", name, struct_file[name], struct_first[name], struct_last[name])
}

# The function's head, up to the brace in the first column.
function write_prototype(name,	i, file) {
	file = tag_file[name]
	for (i = first[name]; i < last[name] && text[file, i + 1] !~ /^{/; i++)
		print text[file, i] > (out "/map.c")
	print text[file, i] ";" > (out "/map.c")
}

function write_all(	i, name, key) {
	write_struct("file_region")
	write_struct("resv_map")
	for (i = 1; i <= tags; i++)
		if (order[i] in first)
			write_prototype(order[i])
	print "" > (out "/map.c")
	for (i = 1; i <= tags; i++) {
		name = order[i]
		if (!(name in first))
			continue
		copy(tag_file[name], first[name], last[name], out "/map.c")
		note("function", name, tag_file[name], first[name], last[name])
	}
	for (key in fact)
		print "#define IMPORT_" key " " (fact[key] ? 1 : 0) | ("sort > " out "/facts")
	close("sort > " out "/facts")
}

BEGIN { FS = "|" }

$2 == "struct" && ($1 == "resv_map" || $1 == "file_region") && !($1 in struct_file) {
	load($3)
	struct_file[$1] = $3
	struct_first[$1] = first_line($3, $4)
	struct_last[$1] = $5
}

# A header's inline functions are the shim's business.
$2 == "function" && $3 ~ /\.c$/ && !($1 in tag_file) {
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
	check_structs()
	check_functions()
	want("region_chg"); want("region_add"); want("region_abort"); want("region_del")
	want("region_count"); want("resv_map_alloc"); want("resv_map_release")
	follow_calls()
	find_traits()
	write_all()
}
