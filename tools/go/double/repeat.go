package main

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"sync"
	"time"
)

// repeated summarizes dials of one address: how many, those that failed, and how often each peer answered. Pause is the
// longest time between the starts of two dials, Gap that between two that succeeded, both in milliseconds.
type repeated struct {
	Dials    int            `json:"dials"`
	Failures []outcome      `json:"failures"`
	Peers    map[string]int `json:"peers"`
	Pause    float64        `json:"pause"`
	Gap      float64        `json:"gap"`
}

// repeatDial dials an address, a new connection each time, until stdin ends, and prints the summary as JSON. Dials start
// at fixed times, so a slow one delays no other.
func repeatDial(arguments []string) error {
	flags := flag.NewFlagSet("repeat", flag.ContinueOnError)
	every := flags.Duration("every", 10*time.Millisecond, "time between the starts of two dials")
	timeout := flags.Duration("timeout", 2*time.Second, "timeout for each dial")
	most := flags.Duration("most", 10*time.Minute, "time after which it ends in any case")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("repeat needs one address")
	}
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	dial := newDialer(*timeout, nil)
	found := repeat(func() outcome { return dial.dial(target{Address: flags.Arg(0)}) }, *every, *most, ended)
	return json.NewEncoder(os.Stdout).Encode(found)
}

// repeat dials until `ended` is closed, or for at most `most`.
func repeat(dial func() outcome, every, most time.Duration, ended <-chan struct{}) repeated {
	found := repeated{Failures: []outcome{}, Peers: map[string]int{}}
	limit, ticks := time.After(most), time.NewTicker(every)
	defer ticks.Stop()
	var mutex sync.Mutex
	var running sync.WaitGroup
	var started, succeeded time.Time
	slots := make(chan struct{}, concurrent)
	for {
		select {
		case <-ended:
			running.Wait()
			return found
		case <-limit:
			running.Wait()
			return found
		case now := <-ticks.C:
			found.Pause = max(found.Pause, since(started, now))
			started = now
			slots <- struct{}{}
			running.Go(func() {
				made := dial()
				made.Started = &now
				mutex.Lock()
				defer mutex.Unlock()
				found.Dials++
				if made.Result == "ok" && made.Peer != "" {
					found.Gap = max(found.Gap, since(succeeded, now))
					succeeded = now
					found.Peers[made.Peer]++
				} else {
					found.Failures = append(found.Failures, made)
				}
				<-slots
			})
		}
	}
}

// since returns the milliseconds from one time, if there is one, to another.
func since(from, to time.Time) float64 {
	if from.IsZero() {
		return 0
	}
	return float64(to.Sub(from).Microseconds()) / 1000
}
