"""The door's rooms; `pipelines.raw` is its front: land, hand_out and ensure are called there."""
