package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// identity is the header by which whoever dialed learns which pod answered, at which of its addresses.
const identity = "X-Double"

// listen serves HTTP at a port of every address, or at 'address:port'. TCP clients need no more than the listener.
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

// identify answers every request with who this is, and /metrics with the counts where there are any.
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
