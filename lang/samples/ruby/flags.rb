puts $VERBOSE.nil? ? 42 : 0
