package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/kubernetes"
	"github.com/prometheus/prometheus/discovery/targetgroup"
	"gopkg.in/yaml.v2"
)

// withFiles replaces the paths of rules, and the discovery in Kubernetes of each job by a file of targets. It returns
// the discovery by file.
func withFiles(configuration []byte, directory string, rules []string) ([]byte, map[string]*kubernetes.SDConfig, error) {
	var sections yaml.MapSlice
	if err := yaml.Unmarshal(configuration, &sections); err != nil {
		return nil, nil, err
	}
	jobs := map[string]*kubernetes.SDConfig{}
	for index, section := range sections {
		if section.Key == "rule_files" {
			sections[index].Value = rules
		}
		if section.Key != "scrape_configs" {
			continue
		}
		for index, job := range section.Value.([]any) {
			file := filepath.Join(directory, fmt.Sprintf("targets-%d.json", index))
			config, err := moved(job.(yaml.MapSlice), file)
			if err != nil {
				return nil, nil, err
			}
			jobs[file] = config
		}
	}
	text, err := yaml.Marshal(sections)
	return text, jobs, err
}

// moved replaces the discovery of a job by a file, in place, and returns it.
func moved(job yaml.MapSlice, file string) (*kubernetes.SDConfig, error) {
	for index, item := range job {
		if item.Key != "kubernetes_sd_configs" {
			continue
		}
		text, err := yaml.Marshal(item.Value)
		if err != nil {
			return nil, err
		}
		var several []*kubernetes.SDConfig
		if err := yaml.Unmarshal(text, &several); err != nil {
			return nil, err
		}
		job[index] = yaml.MapItem{Key: "file_sd_configs", Value: []any{map[string]any{"files": []string{file}}}}
		return several[0], nil
	}
	return nil, fmt.Errorf("a job has no discovery in Kubernetes: %v", job)
}

// discover writes the targets to the file whenever they change.
func discover(ctx context.Context, config *kubernetes.SDConfig, file string) error {
	metrics := config.NewDiscovererMetrics(prometheus.NewRegistry(), nil)
	found, err := config.NewDiscoverer(discovery.DiscovererOptions{Logger: slog.Default(), Metrics: metrics})
	if err != nil {
		return err
	}
	updates := make(chan []*targetgroup.Group)
	go found.Run(ctx, updates)
	groups := map[string]*targetgroup.Group{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case several := <-updates:
			for _, each := range several {
				groups[each.Source] = each
			}
			text, err := json.Marshal(targets(groups))
			if err == nil {
				err = replace(file, text)
			}
			if err != nil {
				return err
			}
		}
	}
}

// target is an entry of a file of targets: here one target with its labels.
type target struct {
	Targets []string       `json:"targets"`
	Labels  model.LabelSet `json:"labels"`
}

func targets(groups map[string]*targetgroup.Group) []target {
	all := []target{}
	for _, source := range slices.Sorted(maps.Keys(groups)) {
		group := groups[source]
		for _, each := range group.Targets {
			labels := group.Labels.Merge(each)
			address := string(labels[model.AddressLabel])
			delete(labels, model.AddressLabel)
			all = append(all, target{[]string{address}, labels})
		}
	}
	return all
}

// replace writes a file, which appears whole.
func replace(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
