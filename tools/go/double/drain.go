package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// servers are those of a process, which end together.
type servers struct {
	all []*http.Server
}

// drain closes the listeners, so that new connections are refused, and waits for the requests that are being served.
func (s *servers) drain(ctx context.Context) {
	var each sync.WaitGroup
	for _, server := range s.all {
		each.Go(func() { server.Shutdown(ctx) })
	}
	each.Wait()
}

// work is what a process does for others: it begins nothing after the stop, and finishes what it has begun.
type work struct {
	mutex           sync.Mutex
	running         sync.WaitGroup
	begun, finished int
	stopped         bool
	stop            chan struct{}
}

func newWork() *work { return &work{stop: make(chan struct{})} }

// do runs a piece of work. It returns false after the stop.
func (w *work) do(piece func()) bool {
	w.mutex.Lock()
	if w.stopped {
		w.mutex.Unlock()
		return false
	}
	w.begun++
	w.running.Add(1)
	w.mutex.Unlock()
	defer w.running.Done()
	piece()
	w.mutex.Lock()
	w.finished++
	w.mutex.Unlock()
	return true
}

// pause waits, but not beyond the stop.
func (w *work) pause(length time.Duration) {
	select {
	case <-w.stop:
	case <-time.After(length):
	}
}

// finish lets no further work begin, and waits for what has begun.
func (w *work) finish() {
	w.mutex.Lock()
	w.stopped = true
	close(w.stop)
	w.mutex.Unlock()
	w.running.Wait()
}

// shutDown ends a process as Kubernetes expects it after SIGTERM: it stops listening at once, since whoever wants
// more time to tell its clients asks for it before (preStop), and finishes what it has begun. Kubernetes kills it at
// the end of the grace period, so it needs no limit of its own.
func shutDown(listening *servers, outbound *work, logger *slog.Logger) {
	logger.Info("stopping", "begun", outbound.begun, "finished", outbound.finished)
	listening.drain(context.Background())
	outbound.finish()
	logger.Info("stopped", "begun", outbound.begun, "finished", outbound.finished)
}
