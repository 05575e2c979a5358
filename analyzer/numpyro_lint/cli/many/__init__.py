"""Many files: several processes, what is kept between runs, shards, and runs that go on."""
