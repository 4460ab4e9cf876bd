# SPDX-License-Identifier: GPL-2.0-only
#
# Reads C files of a kernel tree and says which definitions stand on which lines.  It knows lines,
# braces and parentheses, not C: what a name means is asked of the compiler, by cut.
#
# Two things make that enough.  Comments and strings are blanked first, so that a brace in one is
# none.  And every #if is decided before anything is looked for, by the compiler's preprocessor and
# one config header: of two definitions under #ifdef and #else there is only one left.
package Text;

use strict;
use warnings;

# Blank all but the line ends of @_[0].
sub blank {
	my ($text) = @_;
	$text =~ s/[^\n]/ /g;
	return $text;
}

# The text with the insides of comments, strings and characters blanked.
sub mask {
	my ($text) = @_;
	$text =~ s{(/\*.*?\*/|//[^\n]*)|(["'])((?:(?!\2)[^\\\n]|\\.)*)\2}
	          {defined $1 ? blank($1) : $2 . blank($3) . $2}gse;
	return $text;
}

# Read FILE below TREE: { name, lines => its lines, masked => the same, blanked }; lines count from 1.
sub load {
	my ($tree, $name) = @_;
	open(my $in, '<', "$tree/$name") or die "$tree/$name: $!\n";
	local $/;
	my $text = <$in> // '';
	my %file = (name => $name);
	$text =~ s/\r\n/\n/g;
	$file{lines} = ['', split(/\n/, $text, -1)];
	$file{masked} = ['', split(/\n/, mask($text), -1)];
	return \%file;
}

# Call $visit->(first, last, text) for each preprocessor line, continuation lines joined.
sub directives {
	my ($file, $visit) = @_;
	my $masked = $file->{masked};
	for (my $n = 1; $n <= $#$masked; $n++) {
		next unless $masked->[$n] =~ /^\s*#/;
		my $first = $n;
		$n++ while $file->{lines}[$n] =~ /\\$/ && $n < $#$masked;
		my $text = join("\n", @$masked[$first .. $n]);
		$text =~ s/\\\n/ /g;
		$visit->($first, $n, $text);
	}
}

# The files below the tree that a pattern names.
sub expand {
	my ($tree, $pattern) = @_;
	my $quoted = $tree =~ s/([^\w\/.-])/\\$1/gr;
	return sort map { substr($_, length($tree) + 1) } grep { -f } glob("$quoted/$pattern");
}

sub spill {
	my ($name, $text) = @_;
	open(my $out, '>', $name) or die "$name: $!\n";
	my $good = print $out $text;
	close($out) && $good or die "$name: $!\n";
}

# The CONFIG_ words that decide lines of an item, or whether it is there.
sub words_at {
	my ($item) = @_;
	my (@open, %words);
	directives($item->{file}, sub {
		my ($first, $last, $text) = @_;
		return if $first > $item->{last};
		pop @open if $text =~ /^\s*#\s*endif/ && $last < $item->{first};
		push @open, $text if $text =~ /^\s*#\s*if/;
		$open[-1] .= $text if @open && $text =~ /^\s*#\s*el/;
	});
	return map { /\b(CONFIG_\w+)/g } @open;
}

# What only the preprocessor needs of a file: its conditions and definitions, and a mark for each line
# in between.  The marks that come out again are the lines that are left.
sub skeleton {
	my ($file, $index, $path) = @_;
	my ($at, $out) = (1, '');
	my $mark = sub { $out .= "__at_${index}_$at\n", $at++ while $at <= $_[0] };
	directives($file, sub {
		my ($first, $last, $text) = @_;
		my $is = $text =~ /^\s*#\s*(define|undef|if|ifdef|ifndef|elif|else|endif)\b/ ? $1 : '';
		$mark->($is eq 'define' ? $last : $first - 1);
		$out .= "#line $first \"$path/$file->{name}\"\n$text\n" if $is;
		$at = $last + 1;
	});
	$mark->($#{ $file->{lines} });
	return $out;
}

# Decide every condition of the files, which see each other's definitions in their order.  @$cc: the
# compiler and its flags.  Sets $file->{live}[line]; returns the compiler's complaints.
sub decide {
	my ($files, $path, $scratch, @cc) = @_;
	spill("$scratch/conditions.c", join('', map { skeleton($files->[$_], $_, $path) } 0 .. $#$files));
	my ($good, $said) = run(@cc, '-E', '-P', '-w', "$scratch/conditions.c", '-o', "$scratch/conditions.i");
	return grep { / error: / } split /\n/, $said unless $good;
	my $text = slurp("$scratch/conditions.i");
	$files->[$1]{live}[$2] = 1 while $text =~ /__at_(\d+)_(\d+)/g;
	unlink("$scratch/conditions.c", "$scratch/conditions.i");
	return;
}

# Run a command without a shell: whether it was good, and all that it printed.  One that failed and
# does not say why has met something that is no fault of the text.
sub run {
	my (@command) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!\n";
	if (!$pid) {
		open(STDERR, '>&', \*STDOUT);
		exec { $command[0] } @command or print "$command[0]: $!\n";
		exit 127;
	}
	local $/;
	my $said = <$pipe> // '';
	my $good = close($pipe);
	die "$command[0] failed: " . ($said =~ s/\n.*//sr || "status $?") . "\n"
		unless $good || $said =~ / error: / && $said !~ /No space left|File too large|unable to (?:open|make|write)/;
	return ($good, $said);
}

sub slurp {
	my ($name) = @_;
	open(my $in, '<', $name) or die "$name: $!\n";
	local $/;
	return <$in> // '';
}

# The live text of a file without preprocessor lines: one string, lines where they were.
sub live_code {
	my ($file) = @_;
	my @code = @{ $file->{masked} };
	$file->{live}[$_] or $code[$_] = '' for 1 .. $#code;
	directives($file, sub { @code[$_[0] .. $_[1]] = ('') x ($_[1] - $_[0] + 1) });
	shift @code;
	return join("\n", @code);
}

my $group = qr/(\((?:[^()]++|(?1))*\))/;	# a pair of parentheses and all in it
my $words = qr/(?:\s*(?:__\w+|noinline\w*|inline)\s*(?:(\((?:[^()]++|(?-1))*\)))?)*/;

# The function whose head this is: the name in front of parentheses behind which there is nothing but
# attribute words.
sub function_name {
	my ($head) = @_;
	while ($head =~ /(\w+)\s*$group/g) {
		my ($name, $rest) = ($1, substr($head, pos($head)));
		return $name if $rest =~ /^$words\s*$/;
	}
	return;
}

my $braces = qr/(\{(?:[^{}]++|(?1))*\})/;
my $placed = qr/\b__(?:read_mostly|ro_after_init|initdata|initconst|maybe_unused|used)\b/;

# What a definition that ends with a semicolon defines: pairs of kind and name.
sub defined_by {
	my ($code) = @_;
	my @found;
	my $flat = $code =~ s/$placed/ /gr;
	if ($flat =~ /^\s*(?:typedef\s+)?(?:(?:static|const)\s+)*(struct|union|enum)\b([^{};=()]*)\{/s) {
		my ($kind, $tag) = ($1, $2);
		push @found, [$kind, $1] if $tag =~ /(\w+)\s*$/;
		if ($kind eq 'enum' && $flat =~ /\{(.*)\}/s) {
			push @found, ['enumerator', $_] for grep { defined } map { /^\s*(\w+)/ ? $1 : undef } split(/,/, $1);
		}
	}
	$flat =~ s/$braces/ /g;
	if ($flat =~ /^\s*typedef\b/) {
		push @found, ['typedef', $flat =~ /\(\s*\*\s*(\w+)\s*\)/ ? $1 :
			$flat =~ /(\w+)\s*(?:\[[^\]]*\]\s*)*;/ ? $1 : ''];
	} elsif ($flat =~ /^\s*(?:static\s+)?[A-Z_0-9]+\s*\(([^()]*)\)\s*;/) {
		push @found, ['made', $_] for $1 =~ /(\w+)/g;
	} elsif ($flat !~ /^\s*extern\b/) {
		$flat =~ s/=[^,;]*//g;
		if ($flat =~ /\(\s*\*\s*(?:const\s+|volatile\s+)*(\w+)/) {
			push @found, ['variable', $1];
		} elsif ($flat =~ /\w\s*\(/) {
			push @found, ['prototype', function_name($flat =~ s/;//r) // ''];
		} elsif ($flat !~ /^\s*(?:struct|union|enum)\s+\w*\s*;/) {
			push @found, ['variable', $_] for $flat =~ /(\w+)\s*(?:\[[^\]]*\]\s*)*(?=[,;])/g;
		}
	}
	return @found;
}

# The definitions of a file: { file, first, last, kind, name, code }.  A brace in the first column ends
# a function whatever came before: so one that does not close does not swallow all that follow; it is
# marked "unclosed", and the compiler says what is wrong with it.
sub items {
	my ($file) = @_;
	my $code = live_code($file);
	my @items;
	my $line_of = sub { 1 + (substr($code, 0, $_[0]) =~ tr/\n//) };
	my $add = sub {
		my ($from, $to, @found) = @_;
		my ($first, $last) = ($line_of->($from), $line_of->($to));
		push @items, map { { file => $file, first => $first, last => $last, kind => $_->[0],
			name => $_->[1], code => substr($code, $from, $to - $from + 1) } } @found;
	};
	directives($file, sub {
		my ($first, $last, $text) = @_;
		return unless $file->{live}[$first] && $text =~ /^\s*#\s*define\s+(\w+)/;
		push @items, { file => $file, first => $first, last => $last, kind => 'macro', name => $1,
			code => $text };
	});
	my ($start, $depth, $body) = (-1, 0, 0);
	while ($code =~ /(\G\s*(?=\S))|([{}()\[\];])|[^\s{}()\[\];]+/g) {
		my ($token, $at) = ($2 // '', pos($code) - 1);
		next if defined $1;
		$start = $-[0] if $start < 0;
		$depth++ if $token =~ /^[{(\[]$/;
		$depth-- if $token =~ /^[})\]]$/ && $depth > 0;
		if ($token eq '{' && $depth == 1) {
			# A macro's call without a semicolon may stand in front.
			while (substr($code, $start, $at - $start) =~ /^([A-Z_0-9]+\s*$group\s*\n\s*)\S/) {
				$start += length($1);
			}
			my $head = substr($code, $start, $at - $start);
			my $name = $head =~ /=/ ? undef : function_name($head);
			$body = defined $name ? ['function', $name] : 0;
		}
		my $unclosed = $token eq '}' && $depth && $body && substr($code, $at - 1, 1) eq "\n";
		$depth = 0 if $unclosed;
		if ($depth == 0 && $token eq '}' && $body) {
			$add->($start, $at, $body);
			$items[-1]{unclosed} = 1 if $unclosed;
		} elsif ($depth == 0 && $token eq ';') {
			$add->($start, $at, defined_by(substr($code, $start, $at - $start + 1)));
		} else {
			next;
		}
		($start, $body) = (-1, 0);
	}
	return @items;
}

1;
