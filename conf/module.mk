# SPDX-License-Identifier: Apache-2.0
# Samples and units, installed for the administrator to copy: what they are for is theirs to decide.
confdir = $(datadir)/ejforge/conf
dist_conf_DATA = conf/ejforge.ini conf/ej-jail.conf
nodist_conf_DATA = conf/ej-jail.socket conf/ej-jail@.service conf/ej-compile.service
apparmordir = $(confdir)/apparmor
nodist_apparmor_DATA = conf/apparmor/ej-jail
conf_templates = conf/ej-jail.socket.in conf/ej-jail@.service.in conf/ej-compile.service.in conf/apparmor/ej-jail.in
EXTRA_DIST += $(conf_templates)
CLEANFILES += $(nodist_conf_DATA) $(nodist_apparmor_DATA)

$(nodist_conf_DATA) $(nodist_apparmor_DATA): Makefile
	@$(MKDIR_P) conf/apparmor
	$(AM_V_GEN)sed -e 's|@serverbindir[@]|$(serverbindir)|g' -e 's|@compile_user[@]|$(EJF_compile_user)|g' \
	  $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@
conf/ej-jail.socket: conf/ej-jail.socket.in
conf/ej-jail@.service: conf/ej-jail@.service.in
conf/ej-compile.service: conf/ej-compile.service.in
conf/apparmor/ej-jail: conf/apparmor/ej-jail.in
