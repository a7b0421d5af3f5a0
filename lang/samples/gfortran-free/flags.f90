program flags
#ifdef FORTYTWO
  print '(i0)', FORTYTWO
#else
  print '(i0)', 0
#endif
end program flags
