# SPDX-License-Identifier: Apache-2.0
"""What bench/run measures with: a site and a client, a report, plots."""
