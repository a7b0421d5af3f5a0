# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests are written with: packets, a temporary site, a server to start, a consumer of replies."""
