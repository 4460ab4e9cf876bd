#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# count.pl CELLS TICKETS [plain]: how many states a map of the patch has, from its contract and by sets of
# strings; shares nothing with the explorer.  plain: no empty ranges.
use strict;
use warnings;

my ($cells, $most, $plain) = @ARGV;
my %seen;
my @todo;

# A state: one letter a cell (. free, r a region begins, - it goes on), spare entries, tickets F:T:N.
sub reach {
	my ($board, $spare, @tickets) = @_;
	my $state = join ' ', $board, $spare, sort @tickets;
	push @todo, $state unless $seen{$state}++;
}

sub holes {
	my ($board, $from, $to) = @_;
	my @runs = substr($board, $from, $to - $from) =~ /\.+/g;
	return scalar @runs;
}

# Each run of free cells of the range becomes a region.
sub fill {
	my ($board, $from, $to) = @_;
	my $part = substr $board, $from, $to - $from;
	$part =~ s/(\.+)/'r' . '-' x (length($1) - 1)/ge;
	substr($board, $from, $to - $from) = $part;
	return $board;
}

sub drop {
	my ($board, $from, $to) = @_;
	return $board if $from == $to;
	substr($board, $to, 1) = 'r' if $to < $cells && substr($board, $to, 1) eq '-';
	substr($board, $from, $to - $from) = '.' x ($to - $from);
	return $board;
}

sub splits {
	my ($board, $from, $to) = @_;
	return $from > 0 && $to < $cells && $from < $to &&
		substr($board, $from - 1, $to - $from + 2) =~ /^[r-]-+$/;
}

sub owed { my $sum = 0; $sum += (split /:/)[2] for @_; return $sum; }

sub ranges {
	my @ranges;
	for my $from (0 .. $cells) {
		push @ranges, map { [$from, $_] } ($plain ? $from + 1 : $from) .. $cells;
	}
	return @ranges;
}

sub step {
	my ($board, $spare, @tickets) = @_;
	for (ranges()) {
		my ($from, $to) = @$_;
		# chg: entries for what is owed, and for each hole, at least one
		if (@tickets < $most) {
			my $need = holes($board, $from, $to) || 1;
			my $want = owed(@tickets) + $need;
			reach($board, $spare > $want ? $spare : $want, @tickets, "$from:$to:$need");
		}
		# del: a region that becomes two takes a spare entry that nobody is owed, or a new one
		my $takes = splits($board, $from, $to) && $spare > owed(@tickets);
		reach(drop($board, $from, $to), $spare - ($takes ? 1 : 0), @tickets);
	}
	for my $i (0 .. $#tickets) {
		my ($from, $to, $need) = split /:/, $tickets[$i];
		my @others = @tickets[grep { $_ != $i } 0 .. $#tickets];
		# abort: its entries stay; add: each hole takes one, and there are more if the ticket's do not suffice
		reach($board, $spare, @others);
		my $use = holes($board, $from, $to);
		my $have = $spare;
		my $want = owed(@others) + $use;
		$have = $want if $use > $need && $have < $want;
		reach(fill($board, $from, $to), $have - $use, @others);
	}
}

reach('.' x $cells, 1);
while (@todo) {
	my ($board, $spare, @tickets) = split / /, shift @todo;
	step($board, $spare, @tickets);
}
print scalar(keys %seen), "\n";
