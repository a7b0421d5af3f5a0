{% if flag?(:answer) %}
  puts 42
{% else %}
  puts 0
{% end %}
