# SPDX-License-Identifier: GPL-2.0-only
#
# The syntax tree of a C file, out of clang's -ast-dump=json.  clang prints one key or one bracket a
# line, so a stack of what is open is all the parser there has to be; a declaration is handed over and
# forgotten as soon as it is whole, for a kernel's text has millions of lines.
package Ast;
use strict;
use warnings;

# The file of a place is printed only where it differs from the place's before.
my $file;

# value TEXT: a JSON string, number or word
sub value {
	my ($text) = @_;
	return $text unless $text =~ s/^"(.*)"$/$1/s;
	$text =~ s/\\(["\\\/])/$1/g;
	return $text;
}

# declarations CODE COMMAND...: CODE is called with each declaration of the file that COMMAND compiles
sub declarations {
	my ($each, @command) = @_;
	my (@open, $in);
	$file = '';
	open($in, '-|', @command) or return 0;
	while (my $line = <$in>) {
		next unless $line =~ /^\s*(?:"(\w+)": )?(.*?),?$/s;
		my ($key, $rest) = ($1, $2);
		if ($rest eq '{' || $rest eq '[') {
			push @open, [$key, $rest eq '{' ? {} : []];
		} elsif ($rest eq '}' || $rest eq ']') {
			my ($name, $node) = @{pop @open};
			if (@open == 2 && ref $node eq 'HASH') {
				$each->($node);
			} elsif (@open) {
				add($open[-1][1], $name, $node);
			}
		} elsif ($rest eq '{}' || $rest eq '[]') {
			add($open[-1][1], $key, $rest eq '{}' ? {} : []) if @open;
		} elsif (defined $key && @open) {
			my $node = $open[-1][1];
			$node->{$key} = value($rest);
			$file = $node->{file} if $key eq 'file' && exists $node->{offset};
			$node->{file} = $file if $key eq 'col';
		}
	}
	return close($in);
}

sub add {
	my ($to, $key, $node) = @_;
	if (ref $to eq 'ARRAY') {
		push @$to, $node;
	} elsif (defined $key) {
		$to->{$key} = $node;
	}
}

1;
