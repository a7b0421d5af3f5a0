# SPDX-License-Identifier: Apache-2.0
time.sleep(1000)
