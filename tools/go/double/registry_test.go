package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestRegistryServesAnImageOnlyWithThePassword(t *testing.T) {
	layout, blob := t.TempDir(), []byte("{}")
	digest := fmt.Sprintf("%x", sha256.Sum256(blob))
	index := fmt.Sprintf(`{"manifests": [{"mediaType": "m", "digest": "sha256:%s",
		"annotations": {"io.containerd.image.name": "registry.example.com/ixn/node:1"}}]}`, digest)
	blobs := filepath.Join(layout, "blobs", "sha256")
	for path, content := range map[string][]byte{
		filepath.Join(blobs, digest): blob, filepath.Join(layout, "index.json"): []byte(index),
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(registry(layout, "puller:secret"))
	defer server.Close()
	for path, status := range map[string]int{
		"/v2/": 200,
		"/v2/ixn/node/manifests/1?ns=registry.example.com": 200,
		"/v2/ixn/node/manifests/1?ns=other.example.com":    404,
		"/v2/ixn/node/manifests/2":                         404,
		"/v2/ixn/node/blobs/sha256:" + digest:              200,
		"/v2/ixn/node/blobs/sha256:../../index.json":       404,
	} {
		for password, expected := range map[string]int{"secret": status, "wrong": http.StatusUnauthorized} {
			request, _ := http.NewRequest("GET", server.URL+path, nil)
			request.SetBasicAuth("puller", password)
			response, err := server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != expected {
				t.Errorf("%s with password %s: %d", path, password, response.StatusCode)
			}
		}
	}
}
