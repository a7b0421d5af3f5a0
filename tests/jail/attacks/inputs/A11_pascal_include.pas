// SPDX-License-Identifier: Apache-2.0
program a;
{$I @PUBLIC@}
begin
end.
