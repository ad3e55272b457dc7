# turbobackend as a service. Build: docker build -t turbobackend . Run: see docs/deploy.md, or compose.yaml.
# The Node that the project itself runs with; test/operations-files.test.ts holds it to package.json.
ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json LICENSE README.md CHANGELOG.md ./
COPY bin bin
COPY scripts scripts
COPY template template
COPY src src
RUN npm run pack

FROM node:${NODE_VERSION}-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the Node that a checkout brings along: the image has its own.
RUN npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/node-linux-* node_modules/node-bin-* node_modules/node-darwin-*

FROM node:${NODE_VERSION}-slim
# What commands of a sandbox leave behind becomes the first process's to reap, which Node does not do.
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -m 711 /var/lib/turbobackend \
 && chown node:node /var/lib/turbobackend \
 && ln -s /app/bin/turbobackend.mjs /usr/local/bin/turbobackend
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /build/dist/package ./
ENV NODE_ENV=production \
    TURBOBACKEND_HOME=/var/lib/turbobackend \
    TURBOBACKEND_HOST=0.0.0.0 \
    TURBOBACKEND_PORT=4300
USER node
VOLUME /var/lib/turbobackend
EXPOSE 4300
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TURBOBACKEND_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "-s", "--", "node", "/app/bin/turbobackend.mjs"]
CMD ["serve"]
