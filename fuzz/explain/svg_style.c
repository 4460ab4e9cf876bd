// SPDX-License-Identifier: GPL-2.0-only
/*
 * How pictures look, light and dark, and what the marks mean that stand beside calls and over pages.
 */
#include "moments.h"

const char svg_style[] =
	"<style>\n"
	"svg{background:#fff}\n"
	"text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1f24}\n"
	".back{fill:#fff}.band{fill:#f4f6f8}.small{font-size:10px;fill:#57606a}.rule{font-weight:"
	"bold;fill:#b3261e}\n"
	".bad{fill:#fdecea}.failed{fill:#b3261e}.skipped{fill:#8b949e}.new{font-weight:bold}\n"
	".grid{stroke:#d0d7de;stroke-width:1}.inside{stroke:#8250df;stroke-width:2;fill:none}\n"
	".arg{stroke:#57606a;stroke-width:2;fill:none}.region{fill:#8ec5ff;stroke:#0b5cad}\n"
	".ticket{fill:#ffe3a3;stroke:#8a5a00;stroke-dasharray:3 "
	"2}.mapping{fill:#d9d4f5;stroke:#6b5bb5}\n"
	".page{fill:#1a7f37;stroke:#0f5323}.should{fill:none;stroke:#b3261e;stroke-width:2;stroke-"
	"dasharray:5 2}\n"
	".given{fill:#1a7f37}.refused{stroke:#b3261e;stroke-width:2}\n"
	"@media "
	"(prefers-color-scheme:dark){svg{background:#15191e}text{fill:#e6edf3}.back{fill:#15191e}"
	".band{fill:#1c2229}.small{fill:#9aa5b1}.rule,.failed{fill:#ff8b80}.bad{fill:#3d1f1f}."
	"skipped{fill:#768390}"
	".grid{stroke:#39424e}.inside{stroke:#b794ff}.arg{stroke:#9aa5b1}.region{fill:#1d4e80;"
	"stroke:#7ab8ff}"
	".ticket{fill:#5e4a12;stroke:#ffd166}.mapping{fill:#3b3560;stroke:#b3a6ff}.page{fill:#"
	"4cc26b;stroke:#a6f0b8}"
	".should{stroke:#ff8b80}.given{fill:#4cc26b}.refused{stroke:#ff8b80}}\n"
	"</style>\n";

const char svg_marks[] = "<circle cx=\"4\" cy=\"5\" r=\"3\" class=\"given\"/>"
			 "<text x=\"14\" y=\"9\" class=\"small\">asks for memory</text>"
			 "<path d=\"M122 2l7 7m0 -7l-7 7\" class=\"refused\"/>"
			 "<text x=\"134\" y=\"9\" class=\"small\">is refused it</text>"
			 "<path d=\"M230 8v-4h16v4\" class=\"arg\"/>"
			 "<text x=\"252\" y=\"9\" class=\"small\">the call's pages</text>"
			 "<text x=\"368\" y=\"9\" class=\"small\">bold: has changed</text>";
