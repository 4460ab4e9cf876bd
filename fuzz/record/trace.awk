# SPDX-License-Identifier: GPL-2.0-only
#
# trace.awk FILE: what record.sh has printed, as a trace of the reserve target.
#
# Calls are taken in the order in which they began, one behind the other: that two of them overlapped is lost.  A mapping
# is told by its mm and start, a file by its inode.  A trace has eight mappings, two files on the mount and 64
# pages: what does not fit is left out, counted, and said in the first lines.

function value(key,   i) {
	for (i = 1; i <= NF; i++)
		if (index($i, key "=") == 1)
			return substr($i, length(key) + 2)
	return ""
}
function has(number, bit) { return int(number / bit) % 2 }
function leave_out(why) { left_out[why]++ }
function put(text) { line[++lines] = text; return lines }

function file_of(inode,   i) {
	if (inode in file)
		return file[inode]
	for (i = 0; i < 2; i++)
		if (!(i in taken)) {
			taken[i] = inode
			return file[inode] = i
		}
	leave_out("of a third file")
	return -1
}
function free_slot(   i) {
	for (i = 1; i <= 8; i++)
		if (!(substr("abcdefgh", i, 1) in used))
			return substr("abcdefgh", i, 1)
	leave_out("of a ninth mapping")
	return ""
}
function fits(from, to) {
	if (to <= 64)
		return 1
	leave_out("beyond page 64")
	return 0
}
# The mapping that was made as @key, with its first page and its end, and where it lies in the process.
function add(key, slot, f, from, to, start, end) {
	slot_of[key] = slot; used[slot] = key
	at_file[key] = f; first[key] = from; last[key] = to; begins[key] = start; stops[key] = end
}
function drop(key) {
	delete used[slot_of[key]]
	delete slot_of[key]
}
# What the call of this task that began last has returned.
function returned(ret,   at) {
	at = waiting[task]
	if (at && line[at] != "")
		line[at] = line[at] " -> " ret
	delete waiting[task]
}
function errno(ret) { return ret == -12 ? "ENOMEM" : ret == -28 ? "ENOSPC" : ret == 0 ? 0 : "" }

$1 == "#" && $2 == "pool" { head = "pool " $3; if ($5) head = head " surplus " $5; for (i = 6; i < NF; i += 2) if ($(i + 1) ~ /^[0-9]+$/ && $i ~ /^m/) head = head " " $i " " $(i + 1); next }
$1 == "#" && $2 == "dev" { dev = $3; size = $5; next }
/^#/ { next }

{
	# TASK-PID [CPU] flags TIME: EVENT: (...) key=value ...
	for (i = 1; i <= NF && $i !~ /^[0-9]+[.][0-9]+:$/; i++)
		if ($i ~ /^\[[0-9]+\]$/)
			task = $(i - 1)
	event = $(i + 1)
	sub(/:$/, "", event)
	if (value("dev") != "" && value("dev") != dev)
		next
	key = value("mm") " " value("start")
}

event == "map" {
	f = file_of(value("inode"))
	from = value("off") * 4096 / size
	to = from + (value("end") - value("start")) / size
	if (f < 0 || !fits(from, to) || (slot = free_slot()) == "")
		next
	add(key, slot, f, from, to, value("start"), value("end"))
	waiting[task] = put("map " slot " file " f " [" from "," to ")" (has(value("flags"), 128) ? "" : " private") \
		(has(value("flags"), 2097152) ? " noreserve" : ""))
	mapping[task] = key
}
event == "mapped" && (task in mapping) {
	if (errno(value("ret")) != "")
		returned(errno(value("ret")))
	if (value("ret") != 0)
		drop(mapping[task])
	delete mapping[task]
}
# fork() in another mm, else a part is cut off: the new part lies in front of what stays, or behind.
event == "open" {
	whole = ""
	for (k in slot_of) {
		split(k, part, " ")
		if (part[1] == value("mm") && begins[k] <= value("start") && value("end") <= stops[k])
			whole = k
	}
	if (whole != "") {
		if ((slot = free_slot()) == "")
			next
		cut = value("start") == begins[whole] ? value("end") : value("start")
		page = first[whole] + (cut - begins[whole]) / size
		put("split " slot_of[whole] " " slot " page " page)
		old = slot_of[whole]; f = at_file[whole]; from = first[whole]; to = last[whole]; start = begins[whole]; end = stops[whole]
		drop(whole)
		split(whole, part, " ")
		add(part[1] " " start, old, f, from, page, start, cut)
		add(part[1] " " cut, slot, f, page, to, cut, end)
		next
	}
	for (k in slot_of) {
		split(k, part, " ")
		if (part[2] == value("start") && at_file[k] == file[value("inode")] && (whole == "" || slot_of[k] < slot_of[whole]))
			whole = k
	}
	if (whole == "" || (slot = free_slot()) == "")
		next
	put("fork " slot_of[whole] " " slot)
	add(key, slot, at_file[whole], first[whole], last[whole], begins[whole], stops[whole])
}
event == "close" && (key in slot_of) {
	put("unmap " slot_of[key])
	drop(key)
}
event == "fault" && (key in slot_of) {
	waiting[task] = put("fault " slot_of[key] " page " first[key] + int((value("address") - begins[key]) / size) \
		(has(value("flags"), 1) ? " write" : ""))
}
# A fault that has to be tried again comes again.
event == "faulted" && (task in waiting) {
	if (has(value("ret"), 1024))
		line[waiting[task]] = ""
	if (value("ret") == 0)
		returned(0)
	delete waiting[task]
}
event == "attr" && has(value("valid"), 8) && (value("inode") in file) {
	if (fits(0, value("size") / size))
		put("truncate file " file[value("inode")] " to " int(value("size") / size))
}
event == "fallocate" && (value("inode") in file) {
	from = value("offset") / size
	to = (value("offset") + value("len")) / size
	if (!fits(from, to))
		next
	if (from != int(from) || to != int(to))
		leave_out("of a part of a page")
	else if (has(value("mode"), 2))
		put("punch file " file[value("inode")] " [" from "," to ")")
	else
		waiting[task] = put("allocate file " file[value("inode")] " [" from "," to ")")
}
event == "fallocated" && (task in waiting) && errno(value("ret")) != "" { returned(errno(value("ret"))) }
event == "evict" && (value("inode") in file) {
	put("evict file " file[value("inode")])
	delete taken[file[value("inode")]]
	delete file[value("inode")]
}

END {
	if (head == "" || !lines) {
		print "record: there is nothing in it of a mount of hugetlbfs; record.sh says what it wants" >"/dev/stderr"
		exit 2
	}
	print "# recorded from a running kernel"
	for (why in left_out)
		print "# left out: " left_out[why] " calls " why
	print head
	for (i = 1; i <= lines; i++)
		if (line[i] != "")
			print line[i]
}
