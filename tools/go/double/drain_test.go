package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// listening returns a server on a free port of the loopback address, and its address.
func listening(t *testing.T, handler http.Handler) (*servers, string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	made := &servers{}
	if err := made.listen(address, handler); err != nil {
		t.Fatal(err)
	}
	return made, address
}

func TestAServerThatDrainsFinishesItsRequestsAndRefusesNewConnections(t *testing.T) {
	began, release := make(chan struct{}), make(chan struct{})
	server, address := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-release
		io.WriteString(w, "done")
	}))
	answer := make(chan string)
	go func() {
		response, err := http.Get("http://" + address)
		if err != nil {
			answer <- err.Error()
			return
		}
		text, _ := io.ReadAll(response.Body)
		answer <- string(text)
	}()
	<-began
	drained := make(chan struct{})
	go func() {
		server.drain(context.Background())
		close(drained)
	}()
	for {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		connection.Close()
		time.Sleep(time.Millisecond)
	}
	select {
	case <-drained:
		t.Fatal("drained before its request was served")
	default:
	}
	close(release)
	if text := <-answer; text != "done" {
		t.Fatal(text)
	}
	<-drained
}

func TestOutboundWorkThatHasBegunIsFinishedAndNoMoreBegins(t *testing.T) {
	outbound, began, release := newWork(), make(chan struct{}), make(chan struct{})
	server, _ := listening(t, http.NotFoundHandler())
	go outbound.do(func() {
		close(began)
		<-release
	})
	<-began
	stopped := make(chan struct{})
	go func() {
		shutDown(server, outbound, slog.New(slog.DiscardHandler))
		close(stopped)
	}()
	<-outbound.stop
	if outbound.do(func() { t.Error("work began after the stop") }) {
		t.Error("said to have done it")
	}
	select {
	case <-stopped:
		t.Fatal("stopped with unfinished work")
	default:
	}
	close(release)
	<-stopped
	if outbound.begun != 1 || outbound.finished != 1 {
		t.Errorf("begun %d, finished %d", outbound.begun, outbound.finished)
	}
}

func TestRepeatedDialsAreSummarized(t *testing.T) {
	var count atomic.Int32
	ended := make(chan struct{})
	found := repeat(func() outcome {
		switch number := count.Add(1); {
		case number == 3:
			return outcome{Result: "refused"}
		case number == 4:
			return outcome{Result: "ok"} // the connection was accepted, but nobody answered
		case number == 10:
			close(ended)
		}
		return outcome{Result: "ok", Peer: "a"}
	}, time.Millisecond, time.Minute, ended)
	if len(found.Failures) != 2 || found.Dials < 10 || found.Peers["a"] != found.Dials-2 {
		t.Errorf("%+v", found)
	}
	if found.Gap < found.Pause || found.Pause <= 0 {
		t.Errorf("gap %f, pause %f", found.Gap, found.Pause)
	}
}
