input | split(" ") | map(tonumber) | ad
