// SPDX-License-Identifier: GPL-2.0-only
#include "target.h"

bool view_pages(const struct target_view *view, size_t *i, struct target_region *pages)
{
	while (*i < view->regions && view->region[*i].from == view->region[*i].to)
		++*i;
	if (*i == view->regions)
		return false;
	*pages = view->region[(*i)++];
	while (*i < view->regions && view->region[*i].from == pages->to)
		pages->to = view->region[(*i)++].to;
	return true;
}
