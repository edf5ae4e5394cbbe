// What a block of candidates is told of its target. `blocks` is a binding of the search kernels:
// see src/gpu/search/kernel-plan.ts.

var<private> rows_before: u32; // the target's rows of `runs` begin here
var<private> drawn_before: u32; // and here what a ridge draws of it
var<private> delta: f32; // its scale of the loss

fn read_block(block: u32) {
  rows_before = blocks[3u * block];
  delta = bitcast<f32>(blocks[3u * block + 1u]);
  drawn_before = blocks[3u * block + 2u];
}
