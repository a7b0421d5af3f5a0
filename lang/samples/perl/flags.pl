print defined $\ ? 42 : 0;
