# One image for the service, the projector and the command line; the command (serve, projector, …)
# selects one. The base has the Node version of package.json
# (docs/decisions/0001-node-24-as-a-dependency.md).

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /app
# The files that determine the installation are copied first, so that a change of the sources does
# not install again. The same command installs now, and builds after the sources are copied.
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY scripts scripts
RUN ["node", "scripts/build.mjs"]
COPY apps apps
COPY libs libs
RUN ["node", "scripts/build.mjs"]

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional dependencies are Node itself, which the base has. No package needs an install script.
RUN ["npm", "ci", "--omit=dev", "--omit=optional", "--ignore-scripts"]

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
LABEL org.opencontainers.image.title="Sekisho" \
      org.opencontainers.image.description="Event-sourced order gating and billing for Microsoft Cloud Solution Provider partners" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY package.json LICENSE ./
COPY reference-data reference-data
COPY policies policies
COPY deploy/keys deploy/keys
COPY deploy/eventstoredb deploy/eventstoredb
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# A named volume gets the owner and mode of its mount point. Prometheus reads its key as a member of
# the group.
RUN ["install", "--directory", "--owner=1000", "--group=1000", "--mode=0750", "/data", "/keys", "/metrics-key"]
RUN ["install", "--directory", "--owner=1000", "--group=1000", "--mode=0700", "/api-keys"]
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data
# The base's user `node`, by number, so that a cluster can verify that it is not root.
USER 1000:1000
VOLUME ["/data"]
EXPOSE 3000 3001
# Liveness, not readiness: a container must not be restarted because the log is unavailable.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/sekisho/main.js"]
CMD ["serve"]
