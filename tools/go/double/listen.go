package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// identity is the response header with the name of the pod that answered, and the address at which it was dialed.
const identity = "X-Double"

// listen serves HTTP on a port of all addresses, or on 'address:port'. For plain TCP clients, the listener is enough.
func listen(address string, handler http.Handler) error {
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go http.Serve(listener, handler)
	return nil
}

// identify adds the identity to each response, and serves /metrics if there are metrics.
func identify(metrics *counts) http.Handler {
	name, _ := os.Hostname()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(identity, fmt.Sprint(name, " ", r.Context().Value(http.LocalAddrContextKey)))
		switch {
		case r.URL.Path != "/metrics":
			fmt.Fprintln(w, "I am", w.Header().Get(identity), "and you are", r.RemoteAddr)
		case metrics == nil:
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			metrics.write(w)
		}
	})
}
