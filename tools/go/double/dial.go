package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	interval   = 2 * time.Second
	concurrent = 256
)

// outcome is the result of dialing an address. Peer identifies the pod that answered, if that is a double. Started is
// known where dials are repeated, to tell what else happened then.
type outcome struct {
	Row     int        `json:"row,omitempty"`
	Address string     `json:"address"`
	Result  string     `json:"result"`
	Peer    string     `json:"peer,omitempty"`
	Detail  string     `json:"detail,omitempty"`
	Started *time.Time `json:"started,omitempty"`
	Millis  float64    `json:"millis"`
}

type dialer struct {
	net.Dialer
	timeout time.Duration
}

func newDialer(timeout time.Duration, from net.IP) dialer {
	made := dialer{timeout: timeout}
	if from != nil {
		made.LocalAddr = &net.TCPAddr{IP: from}
	}
	return made
}

// dial opens a TCP connection. The timeout includes name resolution.
func (d dialer) dial(to target) outcome {
	started := time.Now()
	made := outcome{Row: to.Row, Address: to.Address, Result: "ok"}
	ctx, cancel := context.WithTimeout(context.Background(), d.timeout)
	defer cancel()
	connection, err := d.DialContext(ctx, "tcp", to.Address)
	made.Millis = float64(time.Since(started).Microseconds()) / 1000
	if err != nil {
		made.Result, made.Detail = resultOf(err), err.Error()
		return made
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(d.timeout))
	made.Peer = identityOf(connection, to.Row)
	return made
}

func resultOf(err error) string {
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &name):
		return "dns-error"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.As(err, &network) && network.Timeout():
		return "timeout"
	}
	return "error"
}

// identityOf asks the peer for its identity, and names the row for which it is dialed. Only doubles have one.
func identityOf(connection net.Conn, row int) string {
	fmt.Fprintf(connection, "GET /metrics HTTP/1.0\r\n%s: %d\r\n\r\n", rowHeader, row)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	return response.Header.Get(identity)
}

// each dials all targets concurrently and returns the outcomes in the order of the targets.
func (d dialer) each(several []target) []outcome {
	made := make([]outcome, len(several))
	slots := make(chan struct{}, concurrent)
	var all sync.WaitGroup
	for index, to := range several {
		slots <- struct{}{}
		all.Go(func() {
			made[index] = d.dial(to)
			<-slots
		})
	}
	all.Wait()
	return made
}

// dialForever dials the targets periodically, and logs and counts the outcomes, until the stop.
func dialForever(several []target, into *observed, outbound *work, length time.Duration, logger *slog.Logger) {
	for outbound.do(func() {
		for _, o := range newDialer(interval, nil).each(several) {
			into.add(o)
			logger.Info("dial", "row", o.Row, "address", o.Address, "result", o.Result, "peer", o.Peer, "detail", o.Detail)
		}
		time.Sleep(length)
	}) {
		outbound.pause(interval)
	}
}

// workLength is how long a piece of outbound work takes beside its dials, for tests of a shutdown: DOUBLE_WORK.
func workLength(env getenv) (time.Duration, error) {
	if env("DOUBLE_WORK") == "" {
		return 0, nil
	}
	return time.ParseDuration(env("DOUBLE_WORK"))
}

// dialOnce prints the outcomes as JSON, one per line. It fails only if it cannot dial at all.
func dialOnce(arguments []string) error {
	flags := flag.NewFlagSet("dial", flag.ContinueOnError)
	timeout := flags.Duration("timeout", 2*time.Second, "timeout for each address")
	from := flags.String("from", "", "source IP address")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	source := net.ParseIP(*from)
	if *from != "" && source == nil {
		return fmt.Errorf("-from: %q is not an IP address", *from)
	}
	several, err := addresses(flags.Args(), os.Stdin)
	if err != nil {
		return err
	}
	output := json.NewEncoder(os.Stdout)
	for _, each := range newDialer(*timeout, source).each(several) {
		if err := output.Encode(each); err != nil {
			return err
		}
	}
	return nil
}

func addresses(given []string, stdin io.Reader) (made []target, err error) {
	for _, each := range given {
		if each != "-" {
			made = append(made, target{Address: each})
			continue
		}
		lines := bufio.NewScanner(stdin)
		for lines.Scan() {
			made = append(made, target{Address: lines.Text()})
		}
		err = errors.Join(err, lines.Err())
	}
	return made, err
}
