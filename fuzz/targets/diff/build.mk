# SPDX-License-Identifier: GPL-2.0-only
corpus-diff := region
