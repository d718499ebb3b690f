import { constants } from "node:zlib";
import compress from "@fastify/compress";
import type { FastifyInstance } from "fastify";

/** Below this an answer fits a packet or two anyway. */
const SMALLEST_BYTES = 1024;
/** Quality 4 costs about as much time as gzip's default and is smaller. */
const BROTLI_QUALITY = 4;

/** Answers leave as brotli or gzip, whichever the client prefers; bodies that come in compressed are refused. */
export function addCompression(app: FastifyInstance): void {
  app.register(compress, {
    global: true,
    threshold: SMALLEST_BYTES,
    encodings: ["br", "gzip"],
    requestEncodings: ["identity"],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
}
