# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.awk -v here=FOLDER/ -v missed=FILE -v info=FILE -v functions=FILE SOURCE... LCOV: the counts of LCOV, which
# speak of SOURCEs, in the names and lines that the SOURCEs' #line say; prints a table, and writes what was not
# reached to missed, and all of it in LCOV's form to info.
#
# functions has lines "function NAME FILE FIRST LAST" of what was imported.  Each of these must be in the counts;
# those that nothing has called are named.

function plain(path) {
	sub("^" here "(\\./)?", "", path)
	return path
}

# A source: where each of its lines stood.
FILENAME != ARGV[ARGC - 1] {
	if (FNR == 1) {
		source = plain(FILENAME)
		file = source
		line = 1
	}
	if ($1 == "#line") {
		file = plain(gensub_name($0))
		line = $2
		next
	}
	stood_file[source, FNR] = file
	stood_line[source, FNR] = line++
	next
}

function gensub_name(text) {
	sub(/^[^"]*"/, "", text)
	sub(/"[^"]*$/, "", text)
	return text
}

/^SF:/ { source = plain(substr($0, 4)); next }
/^DA:/ {
	split(substr($0, 4), part, ",")
	if (!((source, part[1]) in stood_file))
		next
	at = stood_file[source, part[1]] SUBSEP stood_line[source, part[1]]
	if (!(at in count))
		order[++lines] = at
	count[at] += part[2]
	next
}
/^BRDA:/ {
	split(substr($0, 6), part, ",")
	if (!((source, part[1]) in stood_file))
		next
	at = stood_file[source, part[1]] SUBSEP stood_line[source, part[1]]
	name = at SUBSEP part[2] "," part[3]
	if (!(name in taken))
		branch[++branches] = name
	taken[name] += part[4] == "-" ? 0 : part[4]
}

END {
	if (!lines) {
		print "coverage: no line of the text under test is in the counts" >"/dev/stderr"
		exit 2
	}
	look_at_functions()
	printf "" >missed
	for (i = 1; i <= lines; i++) {
		split(order[i], part, SUBSEP)
		note(part[1])
		total[part[1]]++
		hit[part[1]] += count[order[i]] > 0
		if (!count[order[i]])
			print part[1] ":" part[2] ": not run" >missed
		text[part[1]] = text[part[1]] "DA:" part[2] "," count[order[i]] "\n"
	}
	for (i = 1; i <= branches; i++) {
		split(branch[i], part, SUBSEP)
		branch_total[part[1]]++
		branch_hit[part[1]] += taken[branch[i]] > 0
		if (!taken[branch[i]])
			print part[1] ":" part[2] ": branch " part[3] " never taken" >missed
		text[part[1]] = text[part[1]] "BRDA:" part[2] "," part[3] "," taken[branch[i]] "\n"
	}
	for (i = 1; i <= files; i++)
		if (length(named[i]) > width)
			width = length(named[i])
	printf "%-" width "s %16s %18s\n", "file", "lines", "branches"
	for (i = 1; i <= files; i++) {
		name = named[i]
		printf "%-" width "s %5d of %-5d %3d%% %5d of %-5d %3d%%\n", name, hit[name], total[name],
			100 * hit[name] / total[name], branch_hit[name], branch_total[name],
			branch_total[name] ? 100 * branch_hit[name] / branch_total[name] : 100
		printf "SF:%s\n%send_of_record\n", name, text[name] >info
	}
	tell_functions()
}

function note(name) {
	if (name in known)
		return
	known[name] = 1
	named[++files] = name
}

function read_functions(   line, word) {
	while (functions != "" && (getline line <functions) > 0)
		if (split(line, word, " ") >= 5 && word[1] == "function") {
			named_function[++all] = word[2]
			begins[all] = word[4]
			ends[all] = word[5]
			in_file[word[3]] = in_file[word[3]] " " all
		}
}

# Sets counted[function] to how often its lines ran.
function look_at_functions(   i, n, part, name, which, f) {
	read_functions()
	for (i = 1; i <= lines; i++) {
		split(order[i], part, SUBSEP)
		for (name in in_file) {
			if (substr(part[1], length(part[1]) - length(name)) != "/" name)
				continue
			n = split(in_file[name], which, " ")
			for (f = 1; f <= n; f++)
				if (part[2] >= begins[which[f]] && part[2] <= ends[which[f]])
					counted[which[f]] += count[order[i]]
		}
	}
	for (f = 1; f <= all; f++)
		if (!(f in counted)) {
			print "coverage: " named_function[f] "() is under test and not in the counts" >"/dev/stderr"
			exit 2
		}
}

function tell_functions(   f, called, rest) {
	for (f = 1; f <= all; f++) {
		called += counted[f] > 0
		if (!counted[f])
			rest = rest (rest == "" ? "; never: " : ", ") named_function[f]
	}
	if (all)
		print "functions called: " called " of " all rest
}
