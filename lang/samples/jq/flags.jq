input | if type == "number" then 42 else 0 end
