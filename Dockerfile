# The service in one file on a slim Node. docker build --build-arg MALLARD_GITHASH=$(git rev-parse --short=12 HEAD) -t mallard .
# Run it with a read-only root, the configuration mounted, -e NAME for every variable that it names (here those of docs/configuration.md), and a
# volume, which this version does not write to:
#   docker run --read-only --cap-drop=ALL -p 8080:8080 -e PORTAL_TOKEN_SHA256 -e TEACHING_ACCESS_KEY_ID -e TEACHING_SECRET_ACCESS_KEY \
#     -v ./config.json:/etc/mallard/config.json:ro -v mallard:/var/lib/mallard mallard
# Whoever builds for production adds the digest of the base image that was tested: node:…-slim@sha256:…

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY . .
ARG MALLARD_GITHASH=unknown
ARG SOURCE_DATE_EPOCH
RUN node scripts/build.mjs --no-sandbox --outdir /build/image && mkdir /build/state

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true \
    MALLARD_CONFIG=/etc/mallard/config.json \
    MALLARD_HEALTH_URL=http://127.0.0.1:8080/health/ready
WORKDIR /opt/mallard
COPY LICENSE ./
COPY --from=build /build/image/main.js /build/image/main.js.LEGAL.txt dist/
COPY --from=build --chown=1000:1000 /build/state /var/lib/mallard
# The image's own `node` user, by number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /var/lib/mallard
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.MALLARD_HEALTH_URL).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
