# The static binary alone, with the certificates of the public authorities, as a user without a name or a shell. It listens on
# the loopback of the container; docker-compose.yml shows what publishes a port of it.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/kritisgraph ./cmd/kritisgraph && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/kritisgraph /kritisgraph
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV KRITISGRAPH_DATA=/data
VOLUME /data
# Without /tmp, SQLite sorts what is large in files of the working directory.
WORKDIR /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m CMD ["/kritisgraph", "healthcheck"]
ENTRYPOINT ["/kritisgraph"]
CMD ["serve"]
