import { configureGlobal } from "fast-check";

// The same cases on every run: a property that fails here fails for everybody. FAST_CHECK_SEED explores others.
configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_150_731) });
