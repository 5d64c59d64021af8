"""What writes the generated files: a module per kind with `outputs()`; `tools/generate` runs them all."""
