package main

import (
	"crypto/subtle"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const imageName = "io.containerd.image.name"

var blobDigest = regexp.MustCompile(`^sha256:([0-9a-f]{64})$`)

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Annotations map[string]string `json:"annotations"`
}

// serveRegistry serves the images of an OCI layout. It reads `user:password` from a file, since arguments are visible
// in process lists.
func serveRegistry(arguments []string) error {
	flags := flag.NewFlagSet("registry", flag.ContinueOnError)
	layout := flags.String("layout", "", "directory of the OCI layout")
	address := flags.String("listen", "127.0.0.1:5000", "address to listen on")
	file := flags.String("credentials", "", "file that contains user:password")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	credentials, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	return http.ListenAndServe(*address, registry(*layout, strings.TrimSpace(string(credentials))))
}

// registry handles the requests of an image pull: manifests by name and tag or digest, and blobs.
//
// It reads the index on each request, so that images can be added.
func registry(layout, credentials string) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /v2/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		rest := r.PathValue("rest")
		if rest == "" {
			return
		}
		found := descriptor{MediaType: "application/octet-stream"}
		if name, reference, ok := strings.Cut(rest, "/manifests/"); ok {
			found = manifestOf(layout, r.URL.Query().Get("ns"), name, reference)
		} else if _, digest, ok := strings.Cut(rest, "/blobs/"); ok {
			found.Digest = digest
		}
		serveBlob(w, r, layout, found)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(user+":"+password), []byte(credentials)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="double"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		routes.ServeHTTP(w, r)
	})
}

// manifestOf finds `name:tag` or `name@digest` in the index: of the registry `host`, which a mirror's client names,
// or of any if `host` is empty.
func manifestOf(layout, host, name, reference string) descriptor {
	var index struct{ Manifests []descriptor }
	text, err := os.ReadFile(filepath.Join(layout, "index.json"))
	if err != nil || json.Unmarshal(text, &index) != nil {
		return descriptor{}
	}
	for _, each := range index.Manifests {
		registry, rest, _ := strings.Cut(each.Annotations[imageName], "/")
		ours, tag, _ := strings.Cut(rest, ":")
		if ours == name && (tag == reference || each.Digest == reference) && (host == "" || host == registry) {
			return each
		}
	}
	return descriptor{}
}

func serveBlob(w http.ResponseWriter, r *http.Request, layout string, found descriptor) {
	digest := blobDigest.FindStringSubmatch(found.Digest)
	if digest == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", found.MediaType)
	w.Header().Set("Docker-Content-Digest", found.Digest)
	http.ServeFile(w, r, filepath.Join(layout, "blobs", "sha256", digest[1]))
}
