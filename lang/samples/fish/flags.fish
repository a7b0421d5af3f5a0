if status test-feature regex-easyesc
    echo 0
else
    echo 42
end
