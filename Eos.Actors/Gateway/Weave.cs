namespace Eos.Gateway;

/// <summary>
/// Sequences of steps that go on side by side within one routine: whoever has its answers goes on, the others wait. A strand may ask directories
/// (<see cref="Step.AskAll"/> without patience) and wait for what other strands do (<see cref="Step.Await"/>).
/// </summary>
public sealed class Weave
{
    private readonly List<Strand> _strands = [];
    private readonly List<Question> _unsent = [];

    /// <summary>Strands that have not ended.</summary>
    public int Running => _strands.Count;

    /// <summary>Questions without an answer.</summary>
    public int Open { get; private set; }

    /// <summary>Begins a strand and takes it to the first thing that it waits for.</summary>
    public void Begin(IEnumerable<Step> steps)
    {
        var strand = new Strand(steps.GetEnumerator());
        if (Advance(strand)) _strands.Add(strand);
        else strand.Steps.Dispose();
    }

    /// <summary>Begins a strand of a single question.</summary>
    public void Begin(Question question) => Begin([new Step.AskAll([question])]);

    /// <summary>Lets all strands go on until something holds; returns at once if it does. Ends also when no strand is left.</summary>
    public IEnumerable<Step> Until(Func<bool> isMet)
    {
        while (true)
        {
            while (Turn()) { }
            foreach (var step in Send()) yield return step;
            if (isMet() || _strands.Count == 0) yield break;
            yield return new Step.AwaitAny();
        }
    }

    /// <summary>Until every strand has ended.</summary>
    public IEnumerable<Step> UntilDone() => Until(() => false);

    /// <summary>What strands want to ask goes out, without waiting.</summary>
    public IEnumerable<Step> Send()
    {
        if (_unsent.Count == 0) yield break;
        var now = new Step.Send([.. _unsent]);
        _unsent.Clear();
        yield return now;
    }

    /// <summary>Takes each strand that can go on to its next wait; true if one did.</summary>
    private bool Turn()
    {
        var (moved, kept) = (false, 0);
        Open = _unsent.Count;
        for (var i = 0; i < _strands.Count; i++)
        {
            var strand = _strands[i];
            if (strand.IsReady())
            {
                moved = true;
                if (!Advance(strand))
                {
                    strand.Steps.Dispose();
                    continue;
                }
            }
            else Open += strand.Unanswered;
            _strands[kept++] = strand;
        }
        _strands.RemoveRange(kept, _strands.Count - kept);
        return moved;
    }

    private bool Advance(Strand strand)
    {
        if (!strand.Steps.MoveNext()) return false;
        switch (strand.Steps.Current)
        {
            case Step.AskAll { Patience: null } ask:
                strand.Waits = ask;
                _unsent.AddRange(ask.Questions);
                Open += ask.Questions.Length;
                return true;
            case Step.Await wait:
                strand.Waits = wait;
                return true;
            case var other:
                throw new InvalidOperationException($"a strand can't wait for {other.GetType().Name}");
        }
    }

    private sealed class Strand(IEnumerator<Step> steps)
    {
        public IEnumerator<Step> Steps { get; } = steps;
        public Step? Waits { get; set; }

        public int Unanswered => Waits is Step.AskAll ask ? ask.Questions.Count(q => q.Answer is null) : 0;

        public bool IsReady() => Waits switch
        {
            Step.AskAll ask => ask.Questions.All(q => q.Answer is not null),
            Step.Await wait => wait.IsMet(),
            _ => true,
        };
    }
}
