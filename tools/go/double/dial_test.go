package main

import (
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestOutcomesDistinguishFailures(t *testing.T) {
	open := httptest.NewServer(handler(newObserved(plan{}), false))
	defer open.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	several := []target{
		{1, open.Listener.Addr().String()}, {2, closed.Addr().String()}, {3, "name.invalid:80"},
	}
	results := []string{"ok", "refused", "dns-error"}
	for index, o := range newDialer(2*time.Second, nil).each(several) {
		if o.Result != results[index] || o.Row != index+1 {
			t.Errorf("%+v", o)
		}
		if answered := strings.HasSuffix(o.Peer, o.Address); answered != (o.Result == "ok") {
			t.Errorf("the peer of %+v", o)
		}
	}
}

func TestASilentServerIsReachableWithoutAnIdentity(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	made := newDialer(100*time.Millisecond, nil).dial(target{1, silent.Addr().String()})
	if made.Result != "ok" || made.Peer != "" {
		t.Errorf("%+v", made)
	}
}
