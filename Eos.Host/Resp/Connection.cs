using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>
/// One client. Its requests are read as they come and become turns; a pump starts turns when those before them allow it and writes the answers in order.
/// At most one thread runs the pump at a time: whoever signals first. When too much is under way, no more is read; when the client does not read, it is let go.
/// </summary>
internal sealed class Connection
{
    private const int FlushAt = 64 * 1024;
    private const int RequestsAtOnce = 1024;
    private const long OneValue = KvLimits.MaxValue + 256;
    private readonly RespServer _server;
    private readonly IDuplexPipe _pipe;
    private readonly Action _abort;
    private readonly RespReader _reader;
    private readonly RespWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Turn> _incoming = new();
    private readonly SemaphoreSlim _room = new(0);

    // of the pump
    private readonly Queue<Turn> _order = new();
    private readonly Queue<Turn> _unstarted = new();
    private readonly Queue<Turn> _started = new();
    private Turn? _last;
    private readonly Pushes _pushes;
    private (int Commands, long Bytes, long Replies, long Reserve) _written;
    private bool _saidFarewell;

    private int _signals;
    private int _commands;
    private long _replies;
    private int _awaitsRoom;
    private int _awaitsReserve;
    private volatile bool _ended;
    private volatile string? _farewell;

    public Connection(RespServer server, IDuplexPipe pipe, long id, EndPoint? remote, EndPoint? local, Action abort)
    {
        (_server, _pipe, _abort) = (server, pipe, abort);
        _reader = new RespReader(server.Settings.Limits);
        _writer = new RespWriter(pipe.Output);
        _pushes = new Pushes(server.Settings.PushQueue);
        (Held, Reserved, Kept) = (new Share(server.Held), new Share(server.Reserved), new Share(server.Kept));
        Session = new Session(server, this, id, remote, local);
    }

    public Session Session { get; }

    /// <summary>Ends when the connection does.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>When something was last read or written.</summary>
    public long LastActive { get; private set; } = Environment.TickCount64;

    public int Backlog => Volatile.Read(ref _commands);

    public long BacklogBytes => Held.Bytes + Reserved.Bytes + Kept.Bytes;

    /// <summary>Requests that wait for their answers, and answers that wait to be written.</summary>
    public Share Held { get; }

    /// <summary>Set aside for large answers, until they are written.</summary>
    public Share Reserved { get; }

    /// <summary>What the connection has said so far and may still use: an open transaction, names of channels.</summary>
    public Share Kept { get; }

    public long ReplyMost => _server.Settings.ReplyMost;

    /// <summary>What the answers to the next question may take. There is always room for one value, if nothing else of this connection waits to be written.</summary>
    public long Room
    {
        get
        {
            var replies = Interlocked.Read(ref _replies);
            if (_server.IsOver) return replies == 0 ? OneValue : 0;
            return replies < _server.Settings.BacklogBytes ? _server.Settings.QuestionBytes : 0;
        }
    }

    private bool IsFull =>
        Backlog > 0 && (Backlog >= _server.Settings.BacklogCommands || Held.Bytes + Reserved.Bytes >= _server.Settings.BacklogBytes || _server.IsOver);

    /// <summary>Serves the client to its end.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            if (!_finished.Task.IsCompleted) Abort();
        }
        _ended = true;
        Continue();
        await _finished.Task.ConfigureAwait(false);
        Session.End();
        await _closed.CancelAsync().ConfigureAwait(false);
        Held.Close();
        Reserved.Close();
        Kept.Close();
        await _pipe.Input.CompleteAsync().ConfigureAwait(false);
        await _pipe.Output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>A turn is the connection's next; counted until its answer has been written.</summary>
    public void Take(Turn turn)
    {
        Interlocked.Add(ref _commands, turn.Commands);
        Held.Add(turn.Bytes);
        _incoming.Enqueue(turn);
    }

    /// <summary>Answers that wait to be written take so much more.</summary>
    public void HoldReplies(long bytes)
    {
        if (bytes == 0) return;
        Interlocked.Add(ref _replies, bytes);
        Held.Add(bytes);
    }

    /// <summary>Memory has been given back that this connection may wait for.</summary>
    public void Retry()
    {
        Volatile.Write(ref _awaitsReserve, 0);
        Continue();
    }

    /// <summary>Something that nobody asked for; a client that does not keep up with such is let go.</summary>
    public void Push(Push push)
    {
        if (_pushes.Add(push)) Continue();
        else Abort();
    }

    /// <summary>A turn is done: goes on, on another thread.</summary>
    public void Continue()
    {
        if (Interlocked.Increment(ref _signals) == 1) _server.Pumps.Add(this);
    }

    /// <summary>Says an error after what is written already, and closes.</summary>
    public void Dismiss(string error)
    {
        _farewell = error;
        Continue();
    }

    /// <summary>Closes at once; what is under way is not answered.</summary>
    public void Abort()
    {
        _abort();
        _closed.Cancel();
        _finished.TrySetResult();
    }

    /// <summary>Runs the pump: by whoever was told to by <see cref="Continue"/>.</summary>
    public void Pump() => _ = PumpAsync();

    private async Task ReadAsync()
    {
        var requests = new List<RespCommand>();
        for (var more = true; more && !Session.IsLeaving;)
        {
            await RoomAsync().ConfigureAwait(false);
            string? trouble = null;
            var atMost = Session.IsAuthenticated ? RequestsAtOnce : 1;
            _reader.Limits = Session.IsAuthenticated ? _server.Settings.Limits : _server.Settings.Strangers;
            try
            {
                more = await _reader.ReadAsync(_pipe.Input, requests, atMost, Closed).ConfigureAwait(false);
            }
            catch (RespProtocolException e)
            {
                trouble = "ERR " + e.Message;
            }
            LastActive = Environment.TickCount64;
            foreach (var request in requests)
            {
                if (request.Refusal is { } refusal) Session.Refuse(refusal);
                else Session.Take(new Request(request.Words));
            }
            Session.Seal();
            requests.Clear();
            if (trouble is not null)
            {
                Take(new LocalTurn(w => w.Error(trouble)));
                return;
            }
            if (Interlocked.Increment(ref _signals) == 1) _ = PumpAsync();
        }
    }

    private async ValueTask RoomAsync()
    {
        while (IsFull)
        {
            Interlocked.Exchange(ref _awaitsRoom, 1);
            if (!IsFull) return;
            await _room.WaitAsync(Closed).ConfigureAwait(false);
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _signals);
                var ended = _ended;
                while (_incoming.TryDequeue(out var turn))
                {
                    _order.Enqueue(turn);
                    if (turn.Kind != TurnKind.Local) _unstarted.Enqueue(turn);
                }
                StartTurns();
                while (WriteTurns())
                {
                    if (!await FlushAsync().ConfigureAwait(false)) return;
                    StartTurns();
                }
                if (ended && _order.Count == 0)
                {
                    Finish();
                    return;
                }
            }
            while (Interlocked.Add(ref _signals, -seen) != 0);
        }
        catch (Exception e)
        {
            if (e is not (OperationCanceledException or TimeoutException or IOException or InvalidOperationException)) _server.Report(e, "a connection failed");
            Abort();
        }
    }

    /// <summary>The signals stay up, so that the pump does not run again.</summary>
    private void Finish()
    {
        _closed.Cancel();
        _finished.TrySetResult();
    }

    private void StartTurns()
    {
        while (_started.TryPeek(out var done) && done.IsComplete) _started.Dequeue();
        if (_started.TryPeek(out var oldest) && oldest.Waits && HasRoom(oldest)) oldest.Start();
        while (_unstarted.TryPeek(out var next) && MayStart(next))
        {
            _unstarted.Dequeue();
            next.Follow(_started.Count > 0 ? _last : null);
            _started.Enqueue(next);
            _last = next;
            next.Start();
        }
    }

    private bool MayStart(Turn next) =>
        (!_started.TryPeek(out var running) ||
        (running.Kind == next.Kind && (next.Kind == TurnKind.Write || (next.Kind == TurnKind.Read && _started.Count < _server.Settings.ReadsInFlight)))) &&
        HasRoom(next);

    /// <summary>Whether the answers have a place; one that must be set aside is, then.</summary>
    private bool HasRoom(Turn next)
    {
        if (next.Needs == 0) return next.Kind != TurnKind.Read || Room > 0;
        if (Reserved.Bytes > 0 && Reserved.Bytes + next.Needs > _server.Settings.BacklogBytes) return false;
        var most = _server.Settings.BacklogTotal / 2;
        if (Reserved.TryTake(next.Needs, most)) return true;
        if (Interlocked.Exchange(ref _awaitsReserve, 1) == 0) _server.AwaitReserve(this);
        return Reserved.TryTake(next.Needs, most);
    }

    /// <summary>Writes what is due, up to what is worth a flush; false: nothing was.</summary>
    private bool WriteTurns()
    {
        while (_order.TryPeek(out var turn) && turn.IsDone && _pipe.Output.UnflushedBytes < FlushAt)
        {
            turn.Write(_writer);
            _written = (_written.Commands, _written.Bytes, _written.Replies + turn.Replies, _written.Reserve + turn.Reserve);
            if (turn.GoesOn()) continue;
            _order.Dequeue();
            _written = (_written.Commands + turn.Commands, _written.Bytes + turn.Bytes, _written.Replies, _written.Reserve);
        }
        if (Session.PendingSubscriptions == 0) WritePushes();
        if (_farewell is { } farewell)
        {
            _writer.Error(farewell);
            _saidFarewell = true;
        }
        return _pipe.Output.UnflushedBytes > 0;
    }

    /// <summary>What was said to this subscriber so far.</summary>
    public void WritePushes()
    {
        while (_pushes.TryTake(out var push)) push.Write(_writer, Session.HasPushTypes);
    }

    private async ValueTask<bool> FlushAsync()
    {
        var flush = _pipe.Output.FlushAsync(Closed);
        var result = flush.IsCompletedSuccessfully ? await flush : await flush.AsTask().WaitAsync(_server.Settings.WriteTimeout).ConfigureAwait(false);
        LastActive = Environment.TickCount64;
        Interlocked.Add(ref _commands, -_written.Commands);
        HoldReplies(-_written.Replies);
        Held.Add(-_written.Bytes);
        Reserved.Add(-_written.Reserve);
        _written = default;
        if (Interlocked.Exchange(ref _awaitsRoom, 0) == 1) _room.Release();
        if (!result.IsCompleted && !_saidFarewell) return true;   // a farewell that came during the flush is not said yet
        Finish();
        return false;
    }
}
