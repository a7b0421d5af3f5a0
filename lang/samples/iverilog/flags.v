`ifndef ANSWER
`define ANSWER 0
`endif
module main;
  initial $display("%0d", `ANSWER);
endmodule
