// Command scrape-config writes the configuration that the Prometheus operator derives from ServiceMonitors and
// PrometheusRules, and keeps the targets in it up to date until it is stopped.
//
//	scrape-config -directory DIRECTORY
//
// From stdin it reads a List, as `kubectl get --output=json` prints it, of one Prometheus, ServiceMonitors,
// PrometheusRules and Namespaces. The operator's own code validates them: what it would ignore is an error.
//
// Some builds of Prometheus, Debian's among them, lack the discovery of targets in Kubernetes. So the configuration
// names files of targets instead, and this command writes into them what Prometheus' own discovery finds.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// expanded replaces the variables that the operator's reloader of configurations takes from its environment.
var expanded = strings.NewReplacer("$(SHARD)", "0", "$(POD_NAME)", "prometheus-0")

func main() {
	directory := flag.String("directory", ".", "where to write prometheus.yml and the files of targets")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Stdin, *directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, input io.Reader, directory string) error {
	found, err := read(input)
	if err != nil {
		return err
	}
	written, err := configuration(found)
	if err != nil {
		return err
	}
	ruleFiles, err := writeRules(found, directory)
	if err != nil {
		return err
	}
	text, jobs, err := withFiles([]byte(expanded.Replace(string(written))), directory, ruleFiles)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for file, config := range jobs {
		go func() { failed <- discover(ctx, config, file) }()
	}
	if err := replace(filepath.Join(directory, "prometheus.yml"), text); err != nil {
		return err
	}
	for range jobs {
		if err := <-failed; err != nil {
			return err
		}
	}
	return nil
}

// writeRules writes the files of rules and returns their paths.
func writeRules(found objects, directory string) (paths []string, err error) {
	files, err := rules(found)
	for name, text := range files {
		path := filepath.Join(directory, name+".rules.yaml")
		if err := replace(path, text); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, err
}
