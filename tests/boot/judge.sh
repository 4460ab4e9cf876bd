#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# judge.sh: every case of judge.cases is a trace and what two kernels show of it.  The judge has nothing to
# say of the one that does right, and tells the other one by the rule of the case.
#
# Environment: MAKE, CC.
set -eu
export LC_ALL=C

make="${MAKE-make} --no-print-directory -s SAN=none KERNEL= MAP=port ENGINE=replay TARGET=reserve"
work=build/test-judge
cases=tests/boot/judge.cases

die() { echo "judge.sh: $*" >&2; exit 1; }

# written CASES: $work/N.trace is the trace of case N, $work/rules its rule and its line, $work/right and $work/wrong
# the reports of both kernels
written() {
	awk -v work=$work '
	function say(file, outcome,   i, text) {
		text = "step " step " " outcome
		for (i = 1; i <= split("pages free resv surplus used there rsvd usage nodes rsv", name, " "); i++) {
			text = text " " name[i] " " now[name[i]]
			if (name[i] == "there") text = text " ? " now["there2"] " ?"
			if (name[i] == "rsvd" || name[i] == "usage") text = text " 0 0"
		}
		print text >file
	}
	# shown TEXT: the numbers and the outcome that TEXT changes
	function shown(text,   word, words, i) {
		outcome = "good -"
		words = split(text, word, " ")
		for (i = 1; i < words || word[i] == "good"; i++)
			if (word[i] == "failed" || word[i] == "dead") { outcome = word[i] " " word[i + 1]; i++ }
			else if (word[i] == "good") outcome = "good -"
			else now[word[i]] = word[++i]
	}
	# told TEXT: a line of the case, which may have a wrong side
	function told(text,   at, kept, key) {
		at = index(text, "wrong ")
		shown(at ? substr(text, 1, at - 1) : text)
		say(work "/right", outcome)
		for (key in now) kept[key] = now[key]
		if (at) shown(substr(text, at + 6))
		say(work "/wrong", outcome)
		for (key in kept) now[key] = kept[key]
		step++
	}
	function all_gone(resv) {
		now["free"] = now["pages"]; now["resv"] = resv; now["there"] = now["there2"] = "?"
		now["rsvd"] = now["usage"] = now["nodes"] = 0
		now["used"] = head["max"] == "" || resv < 0 ? "?" : 0
	}
	function begin(   word, i) {
		split("", now); split("", head); split("", last)
		for (i = split($0, word, " "); i > 0; i -= 2) head[word[i - 1]] = word[i]
		now["pages"] = now["free"] = head["pool"]; now["resv"] = head["min"] + 0
		now["surplus"] = now["rsvd"] = now["usage"] = now["nodes"] = 0
		now["used"] = head["max"] == "" ? "?" : 0
		now["there"] = now["there2"] = now["rsv"] = "?"
		step = ops = 0
		trace = work "/" number ".trace"
		print >trace
		print "trace " number >(work "/right")
		print "trace " number >(work "/wrong")
	}
	# a case is over: its steps are told
	function finish(   i, mounted) {
		if (!rule) return
		mounted = last["mount"] !~ /^failed/
		told(last["mount"])
		for (i = 1; i <= ops; i++) {
			told(op[i])
			if (last["unmounts", i]) mounted = 0
		}
		all_gone(mounted ? head["min"] + 0 : 0); now["rsv"] = "?"
		told(last["end"])
		all_gone(0); now["used"] = "?"
		told(last["unmounted"])
		print "end " number >(work "/right")
		print "end " number >(work "/wrong")
		close(trace)
		print rule, line >(work "/rules")
		rule = ""
		number++
	}
	/^#/ { next }
	NF == 0 { finish(); next }
	!rule { rule = $1; line = FNR; next }
	/^pool/ { begin(); next }
	{
		text = ""
		what = $0
		if (match($0, /  +/)) { what = substr($0, 1, RSTART - 1); text = substr($0, RSTART + RLENGTH) }
		gsub(/  +/, " ", text)
		if (what == "mount" || what == "end" || what == "unmounted") { last[what] = text; next }
		print what >trace
		op[++ops] = text
		last["unmounts", ops] = what == "unmount"
	}
	BEGIN { number = 0 }
	END { finish() }' "$1"
}

rm -rf $work && mkdir -p $work/batch
programs=$($make boot-programs | tail -1)
written $cases
number=$(wc -l <$work/rules)
[ "$number" -ge 50 ] || die "hardly a case in $cases"
# shellcheck disable=SC2046 # names without blanks
"$programs/boot_batch" --module $work/batch $(seq -f "$work/%.0f.trace" 0 $((number - 1))) >$work/said || { cat $work/said; die "a trace cannot be read"; }
grep -q "^$number traces, $number of them whole\$" $work/said || { cat $work/said; die "traces are not taken whole"; }

"$programs/boot_compare" $work/batch /dev/null $work/right >$work/said || { cat $work/said; die "a kernel that does right is told"; }
grep -q "^$number traces, .*: $number agree on every side, 0 findings" $work/said || { cat $work/said; die "not every case was judged"; }

"$programs/boot_compare" $work/batch /dev/null $work/wrong >$work/said || true
failed=0
at=0
while read -r rule line; do
	found=$(sed -n "s,^FINDING \([a-z-]*\): $work/$at\.trace:.*,\1,p" $work/said)
	[ "$found" = "$rule" ] || { echo "$cases:$line: told by ${found:-no rule}, not by $rule"; failed=1; }
	at=$((at + 1))
done <$work/rules
exit $failed
