using Eos.Journal;
using Eos.Kv;

namespace Eos.Tests.Unit.Journal;

public class CallWindowTests
{
    private readonly CallWindow _window = new();

    [Fact]
    public void Numbers_are_given_until_the_oldest_unanswered_one_is_a_window_away()
    {
        for (var i = 0; i < CallWindow.Size; i++)
        {
            Assert.True(_window.HasRoom);
            _window.Add(Call());
        }
        Assert.False(_window.HasRoom);
        _window.Remove(500);
        Assert.False(_window.HasRoom);
        _window.Remove(1);
        Assert.True(_window.HasRoom);
        Assert.Equal(2ul, _window.Floor);
    }

    [Fact]
    public void The_floor_passes_what_was_answered_out_of_order()
    {
        for (var i = 0; i < 4; i++) _window.Add(Call());
        _window.Remove(2);
        _window.Remove(3);
        Assert.Equal(1ul, _window.Floor);
        _window.Remove(1);
        Assert.Equal(4ul, _window.Floor);
        Assert.Equal([4ul], _window.Open().Select(c => c.Number));
    }

    [Fact]
    public void A_second_answer_finds_nothing()
    {
        for (var i = 0; i < 3 * CallWindow.Size; i++)
        {
            var call = Call();
            _window.Add(call);
            Assert.Same(call, _window.Find(call.Number));
            _window.Remove(call.Number);
            Assert.Null(_window.Find(call.Number));
            _window.Remove(call.Number);
        }
        Assert.True(_window.IsEmpty);
    }

    private static KvCall Call() => new(new SystemProtocol.TakeNumbers("c", 1), null, null, _ => { });
}
