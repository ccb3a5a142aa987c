package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// identity is the response header with the name of the pod that answered, and the address at which it was dialed.
const identity = "X-Double"

// rowHeader is the request header with the number of the connection for which a double dials.
const rowHeader = "X-Row"

// listen serves HTTP on a port of all addresses, or on 'address:port'. For plain TCP clients, the listener is enough.
func (s *servers) listen(address string, handler http.Handler) error {
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	s.all = append(s.all, server)
	go server.Serve(listener)
	return nil
}

// handler adds the identity to each response, records clients that are doubles, and serves /metrics if asked to.
func handler(seen *observed, metrics bool) http.Handler {
	name, _ := os.Hostname()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(identity, fmt.Sprint(name, " ", r.Context().Value(http.LocalAddrContextKey)))
		if row, err := strconv.Atoi(r.Header.Get(rowHeader)); err == nil {
			seen.served(row, r.RemoteAddr)
		}
		switch {
		case r.URL.Path != "/metrics":
			fmt.Fprintln(w, "I am", w.Header().Get(identity), "and you are", r.RemoteAddr)
		case !metrics:
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			seen.write(w)
		}
	})
}
