// Double plays IXN Server, IXN Node, IXN VQ Node and their peers on a test cluster.
//
//	double [run]                       listen and dial as configured by the environment variables (contract.go)
//	double plan                        print the ports and addresses that `run` would use, as JSON
//	double metrics                     print the metrics that `run` exports before its first dial
//	double dial [flags] ADDRESS...     dial each address once and print the outcomes; "-" reads the addresses from stdin
//	double repeat [flags] ADDRESS      dial an address again and again until stdin ends, and print the summary
//	double registry [flags]            serve the images of an OCI layout, read-only, to clients with a password
//	double pause                       hold the namespaces of a pod and reap its orphaned processes
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	command, arguments := "run", os.Args[1:]
	if len(arguments) > 0 {
		command, arguments = arguments[0], arguments[1:]
	}
	commands := map[string]func([]string) error{
		"run": run, "plan": printPlan, "metrics": printMetrics, "dial": dialOnce, "repeat": repeatDial, "registry": serveRegistry, "pause": pause,
	}
	act, known := commands[command]
	if !known {
		fmt.Fprintf(os.Stderr, "unknown command %q\n", command)
		os.Exit(2)
	}
	if err := act(arguments); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run listens and dials as configured by the environment variables, until it is asked to stop; then it finishes.
func run([]string) error {
	made, err := planOf(os.Getenv, os.ReadFile)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	if err := writeLog(made.Logs); err != nil {
		return err
	}
	seen := newObserved(made)
	listening, outbound := &servers{}, newWork()
	for _, address := range made.Listen {
		if err := listening.listen(address, handler(seen, false)); err != nil {
			return err
		}
	}
	for _, address := range made.Metrics {
		if err := listening.listen(address, handler(seen, true)); err != nil {
			return err
		}
	}
	logger.Info("started", "plan", made, "uid", os.Getuid(), "gid", os.Getgid())
	length, err := workLength(os.Getenv)
	if err != nil {
		return err
	}
	go dialForever(made.Dial, seen, outbound, length, logger)
	awaitStop()
	shutDown(listening, outbound, logger)
	return nil
}

// writeLog appends a line to a file in the log volume. It fails if the pod's user cannot write there.
func writeLog(directory string) error {
	if directory == "" {
		return nil
	}
	file, err := os.OpenFile(filepath.Join(directory, "double.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("log volume: %w", err)
	}
	defer file.Close()
	_, err = fmt.Fprintln(file, time.Now().UTC().Format(time.RFC3339), "started")
	return err
}

func printPlan([]string) error {
	made, err := planOf(os.Getenv, os.ReadFile)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(made)
}

func printMetrics([]string) error {
	made, err := planOf(os.Getenv, os.ReadFile)
	if err == nil {
		newObserved(made).write(os.Stdout)
	}
	return err
}

// awaitStop returns on SIGTERM or SIGINT: the kernel takes no default action for process 1.
func awaitStop() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}

// pause waits until the pod is stopped, and reaps processes whose parents have exited.
func pause([]string) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return nil
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
				break
			}
		}
	}
	return nil
}
