extension Scenario {
  /// The text of the scenario that is played when none is named.
  ///
  /// It is the text of `Scenarios/default.yaml`, to the letter, kept in the program so that a copied
  /// binary needs no file beside it.
  public static let bundledDefault = #"""
    # yaml-language-server: $schema=./scenario.schema.json
    #
    # Eight synthetic hospitals, each with its own mix of patients and its own way in which findings act
    # on the diagnosis, learn where to start. Two hospitals never take part. What holds at one hospital
    # is wrong at another, so the meta-parameters as they are serve a new hospital hardly better than
    # its majority does; five gradient steps on 16 of its patients bring it about half of the way from
    # there to the true risks, past a network trained on those 16 alone, whose steps and rate were
    # chosen in its favour.
    #
    # Figure: log loss of held-out hospitals after 5 steps on 16 patients below 0.49, and below
    #   majority, alone and unadapted; with seeds 1 to 5 below 0.51
    scenario: default
    summary: Two hospitals that never trained adapt to their own 16 patients in five gradient steps.
    seed: 7

    cohorts:
      synthetic: { patients: 400, features: 13, outcome: diagnosis, case-mix: 0.5, effect-spread: 1, prevalence: 0.3 }
      hospitals: 10
      held-out: [h9, h10]
      standardise: across-hospitals
      test-share: 0.3

    task: { kind: classification, support: 16, query: 16 }
    model: { layers: [{ dense: 32, activation: tanh }], l2: 0.005 }

    algorithm:
      name: maml
      order: second
      inner: { steps: 5, rate: 0.2 }
      outer: { optimizer: adam, rate: 0.002 }

    federation: { rounds: 300, episodes-per-round: 8, participation: 1.0, deadline: 10s, quorum: 4, assembly: 20s }

    evaluation: { shots: [16], steps: [0, 1, 5, 10], episodes: 20, alone: { steps: 10, rate: 0.1 } }

    """#
}
